# What `twvault shell` has a POSIX shell read, named by ENV: what the user's own ENV names first, then the prompt.

if [ -n "${TWVAULT_SHELL_ENV-}" ]; then
    ENV=$TWVAULT_SHELL_ENV
    if [ -f "$ENV" ]; then . "$ENV"; fi
else
    unset ENV
fi
unset TWVAULT_SHELL_ENV

PS1="(twvault:$TWVAULT_SHELL) ${PS1-\$ }"
