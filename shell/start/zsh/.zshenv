# What `twvault shell` has zsh read, by ZDOTDIR: the user's own .zshenv, which may set ZDOTDIR itself. An interactive zsh
# is then to come back here for .zshrc.

__twvault_zdotdir=$ZDOTDIR
if [[ -n ${TWVAULT_SHELL_ZDOTDIR-} ]]; then
    ZDOTDIR=$TWVAULT_SHELL_ZDOTDIR
else
    unset ZDOTDIR
fi
unset TWVAULT_SHELL_ZDOTDIR
if [[ -f ${ZDOTDIR:-$HOME}/.zshenv ]]; then . "${ZDOTDIR:-$HOME}/.zshenv"; fi

if [[ -o interactive ]]; then
    __twvault_own_zdotdir=${ZDOTDIR-}
    ZDOTDIR=$__twvault_zdotdir
fi
unset __twvault_zdotdir
