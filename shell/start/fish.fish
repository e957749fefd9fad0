# What `twvault shell` has fish run after the user's own configuration: the prompt.

functions -q fish_prompt; or function fish_prompt
    printf '%s> ' (prompt_pwd)
end
functions -c fish_prompt __twvault_prompt

function __twvault_status
    return $argv[1]
end

function fish_prompt
    set -l last $status
    printf '(twvault:%s) ' $TWVAULT_SHELL
    __twvault_status $last
    __twvault_prompt
end
