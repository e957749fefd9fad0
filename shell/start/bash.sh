# What `twvault shell` has bash read in place of ~/.bashrc: that first, then the prompt.

if [[ -f ~/.bashrc ]]; then
    # shellcheck source=/dev/null
    . ~/.bashrc
fi

# Prompts are often made anew before each command, so the prefix is looked at last, each time.
__twvault_prompt() {
    [[ $PS1 == "(twvault:"* ]] || PS1="(twvault:$TWVAULT_SHELL) $PS1"
}
if [[ $(declare -p PROMPT_COMMAND 2>/dev/null) == "declare -a"* ]]; then
    PROMPT_COMMAND+=(__twvault_prompt)
else
    PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}__twvault_prompt"
fi
