# Completion of twvault for PowerShell 5.1 and later: twvault completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName twvault -ScriptBlock {
    param($word, $ast, $cursor)

    $elements = @($ast.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursor })
    $program = $elements[0].Extent.Text
    $words = @($elements | Select-Object -Skip 1 | ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
        })
    # The word at the cursor may be empty, which older versions do not hand over: its number says that it is there.
    $at = if ($word -eq '') { $words.Count } else { $words.Count - 1 }

    & $program __complete '--' $at @words 2>$null | ForEach-Object {
        if ($_ -eq ':files') {
            $prefix = if ($word -match '^(--[^=]+=)') { $Matches[1] } else { '' }
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($word.Substring($prefix.Length)) | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($prefix + $_.CompletionText, $_.ListItemText, $_.ResultType, $_.ToolTip)
            }
        }
        elseif ($_ -match '^:command (\d+)$') {
            $first = [int]$Matches[1] + 1
            $line = if ($first -lt $elements.Count) { $ast.Extent.Text.Substring($elements[$first].Extent.StartOffset - $ast.Extent.StartOffset) } else { '' }
            $length = $cursor - $ast.Extent.StartOffset - ($ast.Extent.Text.Length - $line.Length)
            $line = $line.PadRight([Math]::Max($length, 0))
            [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
        }
        else {
            $value, $about = $_ -split "`t", 2
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}
