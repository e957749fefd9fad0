import { existsSync, statfsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** f_type of statfs(2) for file systems that lie on another machine, where locks and renames promise less. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9P (as of Windows under WSL)'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** What a service that copies folders to other machines calls its own, and the mark that some leave in it. */
const SYNCED =
  /^(Dropbox|OneDrive|Google ?Drive|My Drive|GoogleDrive-.*|Nextcloud|ownCloud|pCloud ?Drive|MEGA|iCloud ?Drive|Mobile Documents|Syncthing)( .*| - .*)?$/i;
const MARKS = ['.stfolder', '.dropbox', '.dropbox.cache', '.owncloudsync.log'];

/** What shares a folder with other machines, in words; undefined where nothing is known to. */
export function sharedBy(path: string): string | undefined {
  const network = NETWORK.get(statfsSync(path).type);
  if (network) return `a network file system, ${network}`;
  const service = path.split(sep).find((name) => SYNCED.test(name));
  if (service !== undefined) return `a synchronized folder, ${service}`;
  const marked = marksAbove(path);
  return marked && `a synchronized folder, ${marked}`;
}

function marksAbove(path: string): string | undefined {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
  }
  return undefined;
}
