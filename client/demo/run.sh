#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What ./dev run does after building: a daemon with its private PostgreSQL under var/, a sample year (or the files given) from
# one client per ministry, the analysis, the findings, the report. Run again, it resumes on the same data.
set -euo pipefail
root=$1
shift
once=false
files=()
for argument in "$@"; do
    case $argument in
    --once) once=true ;;
    -*) echo "dev run: unknown option $argument" >&2; exit 64 ;;
    *) [[ -r $argument ]] || { echo "dev run: cannot read $argument" >&2; exit 66; }
       files+=("$(readlink -f "$argument")") ;;
    esac
done

build=$root/build/release
daemon=$build/server/samordningd
client=$build/client/cli/samordning
export SAMORDNING_LOCALEDIR=$build/share/locale
export PATH=$build/analysis/worker:$PATH     # where the daemon finds samordning-analyse in a build tree
operator=991825827      # Digdir; the operator is configuration (docs/operations.md)
year=2025

bold() { [[ -t 1 ]] && printf '\n\033[1m%s\033[0m\n' "$*" || printf '\n%s\n' "$*"; }
fail() { printf 'dev run: %s\n' "$*" >&2; exit 1; }

# The private PostgreSQL never runs as root, so its user must be able to reach var/. Where a parent directory is closed to it
# (a clone under /root, say), var/ becomes a link to a directory that is not.
state=$root/var
if [[ $EUID -eq 0 && ! -e $state ]] && ! runuser -u postgres -- test -x "$root"; then
    state=/var/lib/samordning-$(printf '%s' "$root" | cksum | cut -d' ' -f1)
    mkdir -p "$state"
    ln -s "$state" "$root/var"
    echo "var/ is a link to $state: $root cannot be entered by the user PostgreSQL runs as"
fi
state=$(readlink -f "$root/var" 2>/dev/null || echo "$root/var")
mkdir -p "$state"
[[ $EUID -ne 0 ]] || chmod 755 "$state"

free_port() {
    local port=$1
    while (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

if [[ ! -e $state/samordningd.conf ]]; then
    bold "Keys, configuration and a private PostgreSQL under var/"
    port=$(free_port 7117)
    "$daemon" init --state "$state" --operator-orgnr "$operator" --operator-name Digitaliseringsdirektoratet \
        --listen "127.0.0.1:$port" --http-listen "127.0.0.1:$(free_port $((port + 1)))"
fi
http=$(sed -n 's/^http_listen *= *//p' "$state/samordningd.conf")
grep -q '^web_listen *=' "$state/samordningd.conf" ||      # kept by an older version
    echo "web_listen = 127.0.0.1:$(free_port $((${http##*:} + 1)))" >> "$state/samordningd.conf"
web=https://$(sed -n 's/^web_listen *= *//p' "$state/samordningd.conf")

daemon_pid=
stop() {
    trap - EXIT INT TERM
    if [[ -n $daemon_pid ]] && kill -0 "$daemon_pid" 2>/dev/null; then
        kill -TERM "$daemon_pid"
        wait "$daemon_pid" || true
    fi
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM

bold "Starting samordningd"
"$daemon" --config "$state/samordningd.conf" 2>> "$state/samordningd.log" &
daemon_pid=$!
for ((i = 0; ; i++)); do
    curl -fsS -o /dev/null "http://$http/ready" 2>/dev/null && break
    kill -0 "$daemon_pid" 2>/dev/null || { tail -n 5 "$state/samordningd.log" >&2; daemon_pid=; fail "samordningd did not start"; }
    ((i < 600)) || fail "samordningd was not ready after 60 s; see var/samordningd.log"
    read -rt 0.1 <> <(:) || true
done
echo "listening; log in var/samordningd.log, metrics at http://$http/metrics"

as() { # as ORGNR COMMAND...: the client with that organisation's bundle
    local bundle=$state/bundles/$1
    shift
    "$client" "$@" --bundle "$bundle"
}

sample=$state/sample-$year
[[ -e $sample/truth.json && -e $sample/reorganisations.csv ]] || { bold "A sample year"; "$client" simulate --year "$year" --out "$sample"; }
as "$operator" actors import "$sample/actors.csv"
as "$operator" cases import "$sample/cases.csv"
as "$operator" need import "$sample/need.csv"
as "$operator" reorganisations import "$sample/reorganisations.csv"
if [[ ${#files[@]} -eq 0 ]]; then
    bold "Enrolling the ministries"
    as "$operator" enrol --list "$sample/submitters.csv" --role submitter --out "$state/bundles" > /dev/null
    echo "$(($(wc -l < "$sample/submitters.csv") - 1)) submitters have a certificate of their own under var/bundles"
    bold "Submitting the year over TLS"
    : > "$state/submitted.json"
    for file in "$sample"/interactions-*.csv; do
        orgnr=$(basename "$file" .csv)
        as "${orgnr#interactions-}" submit --format json --retry-for 60 "$file" >> "$state/submitted.json"
    done
    awk -F'[:,]' '/"total"/ { total = 1 } /^}/ { total = 0 }
        total && $2 ~ /[0-9]/ { gsub(/[ "]/, "", $1); sum[$1] += $2 }
        END { printf "%d rows, %d interactions: %d stored, %d already there, %d reported by another ministry too,\n", sum["rows"],
                  sum["read"], sum["stored"], sum["already_stored"], sum["witnessed"]
              printf "%d rejected, %d with a name the register does not know yet\n", sum["rejected"], sum["waiting_for_actor"] }
    ' "$state/submitted.json"
    period=(--year "$year")
    bold "Asking the officials: a small wave of the survey that comes with samordning"
    wave=samordning-$year
    now=$(as "$operator" survey status "$wave" --table waves --columns state --format csv 2> /dev/null | tail -n +2) || true
    if [[ -z $now || $now == planned ]]; then      # a run that was cut off here begins again: each step may be repeated until the wave opens
        as "$operator" survey design --builtin
        as "$operator" survey wave "$wave" --instrument samordning --title "nb=Samordning $year" --title "nn=Samordning $year" \
            --title "en=Coordination $year" --opens "$(date +%F)" --closes "$(date -d '+21 days' +%F)" --anonymous yes
        awk -F, 'BEGIN { print "actor,language,ref" }
            NR > 1 { for (n = 1; n <= 10; n++) printf "%s,%s,%s-%d\n", $1, n % 3 ? "nb" : "nn", $1, n }' "$sample/submitters.csv" > "$state/seats.csv"
        as "$operator" survey invite "$wave" "$state/seats.csv" --links "$state/survey-links.csv"
        printf 'actor,language,ref\n972417807,nb,prove\n' | as "$operator" survey invite "$wave" - --links "$state/survey-try.csv"
        as "$operator" survey open "$wave"
    fi
    "$client" simulate --year "$year" --survey "$wave" --links "$state/survey-links.csv" --bundles "$state/bundles" --web "$web" ||
        [[ $? -eq 3 ]]      # 3: the wave is over
    as "$operator" survey status "$wave"
else
    bold "Submitting over TLS"
    as "$operator" submit --retry-for 60 "${files[@]}" || [[ $? -eq 3 ]]   # 3: some records were rejected, and listed
    # Elsewhere an operator decides what a name the register does not know stands for; here each becomes an actor of its own.
    as "$operator" actors resolve --all --create other
    period=()
fi
researcher=971526920
[[ -e $state/bundles/$researcher/client.crt ]] ||
    as "$operator" enrol --orgnr $researcher --name "Statistisk sentralbyrå" --role researcher --out "$state/bundles/$researcher" > /dev/null
bold "The network as a whole"
as "$researcher" metrics graph "${period[@]}"
bold "Who is central"
as "$researcher" metrics centrality "${period[@]}" --sort strength --top 10 \
    --columns actor,name,degree,strength,betweenness,closeness,eigenvector
bold "Who answers late (consultations, days; pending ones counted as such)"
as "$researcher" metrics bottlenecks "${period[@]}" --layer consultation --table bottlenecks --sort median_days --top 8 \
    --columns actor,name,requests,pending,median_days,median_days_low,median_days_high,answered_by_deadline,last
bold "Which sectors have less contact than their activity suggests"
as "$researcher" metrics gaps "${period[@]}" --table gaps --top 6 \
    --columns sector_a,sector_b,ties,observed,expected_configuration,ratio_configuration,p_configuration,q_configuration
if [[ ${#files[@]} -eq 0 ]]; then
    bold "Which sectors need each other and have less contact than their activity suggests"
    as "$researcher" metrics need "${period[@]}" --layer meeting,working_group --table sectors --top 6 \
        --columns sector_a,sector_b,needed,requirement,contact,contact_expected,p_low,q_low
    bold "Whom the rules say must be asked, and who was"
    as "$researcher" metrics duty "${period[@]}" --table rules \
        --columns rule,due,missing,late,short,in_time,unknown,fulfilled,fulfilled_low,fulfilled_high
    bold "What officials say of their contact, and what the log says"
    as "$researcher" metrics declared "${period[@]}" --level ministry --wave "$wave" --item contact_actual --table declared_network
    bold "Contact that officials need and do not have"
    as "$researcher" metrics shortfall --wave "$wave" --item contact_needed,contact_actual --table shortfall_sectors --top 6
fi
bold "Reports, with what the survey says"
for language in nb nn en; do
    for format in html pdf; do
        as "$researcher" report "${period[@]}" ${wave:+--wave "$wave"} --language "$language" --format "$format" \
            --output "$state/report-$language.$format"
    done
done
as "$researcher" report "${period[@]}" ${wave:+--wave "$wave"} --language nb --format xlsx --output "$state/report.xlsx"
ls "$state"/report-*.html "$state"/report-*.pdf "$state/report.xlsx"
# A token to log in to the pages with, kept for the next run as long as it is good.
token=$state/pages-token
[[ -s $token && -n $(find "$token" -mtime -80) ]] ||
    told=$(umask 077 && as "$operator" token add --name demo --role researcher,operator --days 90 2>&1 > "$token") || fail "$told"
bold "The pages"
cat <<EOT
  $web/explore
  The certificate is the daemon's own, so the browser asks. Log in with this token (good for 90 days):
  $(cat "$token")
EOT
bold "How to go on"
cat <<EOT
  export SAMORDNING_BUNDLE=$state/bundles/$researcher
  $client metrics centrality ${period[*]} --format csv
  $client network ${period[*]} --format graphml --output network.graphml
  $client status
EOT
if [[ ${#files[@]} -eq 0 ]]; then
    echo "  Answer the survey yourself:"
    echo "  $(sed -n '2s/.*,//p' "$state/survey-try.csv" | sed "s|^/|$web/|")"
fi
$once && exit 0
echo
echo "The daemon goes on until Ctrl-C."
wait "$daemon_pid"
