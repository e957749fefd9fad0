import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bareEnvironment, temporaryFolder, which } from './place.mjs';

const SERVICE = `
  echo "the login password" | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
  echo "$DBUS_SESSION_BUS_ADDRESS"
  exec cat > /dev/null`;

/** An unlocked gnome-keyring on a bus of its own, until this process ends. @returns how programs find it, if it is there */
export async function startKeyring() {
  const missing = ['dbus-run-session', 'gnome-keyring-daemon'].find((name) => !which(name));
  if (missing) return void console.log(`skipped: the keychain (no ${missing})`);
  const env = bareEnvironment(temporaryFolder());
  const session = spawn('dbus-run-session', ['--', 'sh', '-c', SERVICE], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  session.unref();
  const [address] = await once(session.stdout, 'data');
  session.stdout.destroy();
  return { DBUS_SESSION_BUS_ADDRESS: String(address).trim() };
}
