#compdef twvault
# Completion of twvault for zsh: source <(twvault completion zsh), after compinit; or as a file _twvault in a folder of
# fpath.

_twvault() {
    local line rest tab=$'\t'
    local -a given offers
    given=("${(@Q)words[2,CURRENT]}")
    for line in "${(@f)$($words[1] __complete -- $((CURRENT - 2)) "${(@)given}" 2>/dev/null)}"; do
        case $line in
            '') ;;
            :*) rest=$line ;;
            *$tab*) offers+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
            *) offers+=("${line//:/\\:}") ;;
        esac
    done
    case $rest in
        :files)
            compset -P '--[a-z0-9-]##='
            _files
            ;;
        :command*)
            shift $((${rest#:command } + 1)) words
            ((CURRENT -= ${rest#:command } + 1))
            _normal
            ;;
        *) ((${#offers})) && _describe -t twvault twvault offers ;;
    esac
}

if [[ ${funcstack[1]} == _twvault ]]; then
    _twvault "$@"
else
    compdef _twvault twvault
fi
