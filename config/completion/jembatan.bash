# bash completion for jembatan: commands, their options, and what the agent can name.
# Install as /usr/share/bash-completion/completions/jembatan, or source it.
#
# Everything is asked of the program itself, which answers in a few milliseconds; without a running
# agent there are commands and common options only.

_jembatan_commands ()
{
	jembatan help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

_jembatan_options ()
{
	jembatan help "$1" 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u
	printf '%s\n' --json --lang --socket --help
}

_jembatan_referrals ()
{
	jembatan --lang id inbox --box open 2>/dev/null | grep -oE '^R-[0-9]+-[0-9]+'
}

_jembatan_first_column ()
{
	jembatan --lang id "$@" 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_jembatan_kinds ()
{
	jembatan kinds 2>/dev/null | grep -oE '^  [a-z]+(\.[a-z]+)+' | tr -d ' '
}

# What may stand behind an option, or behind the command.
_jembatan_values ()
{
	case "$1" in
	--to | --suggest) _jembatan_first_column partners ;;
	--urgency) printf '%s\n' routine urgent asap stat ;;
	--box) printf '%s\n' all in out needs-answer waiting open ended ;;
	--lang) printf '%s\n' id en both ;;
	consent) printf '%s\n' give show withdraw ;;
	alarms) echo close ;;
	chain) printf '%s\n' list show late disagree summary export ;;
	--format) printf '%s\n' text json csv ;;
	account) printf '%s\n' list add change dismiss reset unlock end-sessions keys key-add key-end ;;
	contacts) printf '%s\n' add show enrolled ;;
	--via) printf '%s\n' phone whatsapp paper visit own ;;
	reminders) echo done ;;
	capacity) echo publish ;;
	people) echo show ;;
	import) printf '%s\n' releases staff holidays contacts ;;
	--format) printf '%s\n' csv json ;;
	help) _jembatan_commands ;;
	catalogue) printf '%s\n' check print diagram; _jembatan_kinds ;;
	kinds | send) _jembatan_kinds ;;
	show | timeline | evidence | accept | reject | waitlist | onward | ask | reply | arrived | no-show | start | \
		hold | resume | report | complete | fail | cancel | confirm-cancel | continue)
		_jembatan_referrals ;;
	esac
}

_jembatan ()
{
	local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}"
	local command="${COMP_WORDS[1]}" words

	if [ "$COMP_CWORD" -eq 1 ]; then
		words=$(_jembatan_commands)
	elif [[ "$word" == -* ]]; then
		words=$(_jembatan_options "$command")
	elif [[ "$before" == --form || "$before" == --socket || "$before" == --output ||
		"$command" == import && "$COMP_CWORD" -eq 3 ]]; then
		COMPREPLY=($(compgen -f -- "$word"))
		return
	elif [[ "$command" == chain && "$COMP_CWORD" -eq 3 && "$before" =~ ^(show|export)$ ]]; then
		words=$(_jembatan_first_column chain list)
	elif [[ "$command" == send && "$COMP_CWORD" -eq 3 ]]; then
		words=$(_jembatan_referrals)
	else
		words=$(_jembatan_values "$before")
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word"))
}

complete -F _jembatan jembatan
