# Completion of twvault for fish: twvault completion fish | source

function __twvault_complete
    set -l before (commandline -opc)
    set -l program $before[1]
    set -e before[1]
    set -l current (commandline -ct)
    for line in ($program __complete -- (count $before) $before "$current" 2>/dev/null)
        switch $line
            case :files
                set -l prefix (string match -r -- '^--[^=]+=' $current)
                __fish_complete_path (string sub -s (math (string length -- "$prefix") + 1) -- "$current") | string replace -r '^' -- "$prefix"
            case ':command *'
                set -l at (math (string replace ':command ' '' -- $line) + 1)
                complete -C (string join ' ' -- (string escape -- $before[$at..]) "$current")
            case '*'
                echo $line
        end
    end
end

complete -c twvault -e
complete -c twvault -f -a '(__twvault_complete)'
