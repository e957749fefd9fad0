# What `twvault shell` has zsh read: the user's own .zshrc with the user's own ZDOTDIR, then the prompt.

# A system-wide zshrc may have put the history beside this file.
if [[ ${HISTFILE-} == $ZDOTDIR/* ]]; then HISTFILE=${__twvault_own_zdotdir:-$HOME}/${HISTFILE#$ZDOTDIR/}; fi
if [[ -n $__twvault_own_zdotdir ]]; then
    ZDOTDIR=$__twvault_own_zdotdir
else
    unset ZDOTDIR
fi
unset __twvault_own_zdotdir
if [[ -f ${ZDOTDIR:-$HOME}/.zshrc ]]; then . "${ZDOTDIR:-$HOME}/.zshrc"; fi

# Prompts are often made anew before each command, so the prefix is looked at last, each time.
__twvault_prompt() {
    [[ $PROMPT == "(twvault:"* ]] || PROMPT="(twvault:$TWVAULT_SHELL) $PROMPT"
}
precmd_functions+=(__twvault_prompt)
