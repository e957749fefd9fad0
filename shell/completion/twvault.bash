# Completion of twvault for bash 3.2 and later: source <(twvault completion bash)

_twvault() {
    local word line rest='' at=0 index cursor=${COMP_WORDS[COMP_CWORD]}
    local -a words=() places=()
    # bash splits words at = and : as COMP_WORDBREAKS says. They are put together again; `places` keeps where each began.
    for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        at=${#words[@]}
        if ((at > 0)) && { [[ $word == [=:]* ]] || [[ ${COMP_WORDS[index - 1]} == [=:] ]]; }; then
            words[at - 1]+=$word
        else
            words[at]=$word
            places[at]=$index
        fi
    done
    at=$((${#words[@]} - 1))
    ((at >= 0)) || return 0
    # What bash replaces is only the part after the last of them.
    [[ $cursor == [=:] ]] && cursor=''
    local before=${words[at]%"$cursor"}
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) rest=$line ;;
            *)
                line=${line%%$'\t'*}
                COMPREPLY+=("${line#"$before"}")
                ;;
        esac
    done < <("$1" __complete -- "$at" "${words[@]}" 2>/dev/null)
    case $rest in
        :files) _twvault_files "$cursor" ;;
        :command*) _twvault_command "${places[${rest#:command }]}" "$cursor" ;;
    esac
}

_twvault_files() {
    local line
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$1")
}

# The words from number $1 on are another command line: bash-completion knows how to complete it.
_twvault_command() {
    local line
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif (($1 == COMP_CWORD)) && [[ $2 != */* ]]; then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2" | sort -u)
    else
        _twvault_files "$2"
    fi
}

complete -F _twvault twvault
