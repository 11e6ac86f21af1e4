#!/bin/sh
# usage: curl_client.sh --prompt TEXT --out DIR [--n N] [--aspect-ratio RATIO] [--timeout SECONDS]
# One request, and the images as files in DIR. The timeout is for all of it (90). Needs curl and jq.
# Environment: MINIMAX_API_KEY, MINIMAX_API_HOST.
# Exit status: 0 images, 1 the service refused, 2 no answer, 3 a download failed.
set -eu
prompt='' n='' ratio='' seconds=90 out=''
while [ $# -gt 1 ]; do
    case $1 in
        --prompt) prompt=$2 ;;
        --n) n=$2 ;;
        --aspect-ratio) ratio=$2 ;;
        --timeout) seconds=$2 ;;
        --out) out=$2 ;;
        *) break ;;
    esac
    shift 2
done
if [ $# -gt 0 ] || [ -z "$out" ]; then
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 64
fi
ends=$(($(date +%s%3N) + $(printf '%.0f' "$(jq -n --argjson s "$seconds" '$s * 1000')")))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

left() {
    ms=$((ends - $(date +%s%3N)))
    [ "$ms" -gt 0 ] || ms=1
    printf '%d.%03d' $((ms / 1000)) $((ms % 1000))
}
fail() {
    status=$1
    shift
    printf '%s\n' "$*" >&2
    exit "$status"
}

jq -n --arg prompt "$prompt" --arg n "$n" --arg ratio "$ratio" '
    {model: "image-01", prompt: $prompt}
    + (if $n == "" then {} else {n: ($n | tonumber)} end)
    + (if $ratio == "" then {} else {aspect_ratio: $ratio} end)' > "$work/body"

# The key goes in by standard input: the list of processes shows what is on a command line.
printf 'header = "Authorization: Bearer %s"\n' "$MINIMAX_API_KEY" |
    curl --silent --show-error --max-time "$(left)" --config - --header 'Content-Type: application/json' \
        --data-binary "@$work/body" --output "$work/answer" --write-out '%{http_code}' \
        "${MINIMAX_API_HOST%/}/v1/image_generation" > "$work/status" || fail 2 "no answer"

code=$(jq -r '.base_resp.status_code' "$work/answer" 2> "$work/ignored") || code=none
message=$(jq -r '.base_resp.status_msg' "$work/answer" 2> "$work/ignored") || message=
case $code in
    0) ;;
    *[!0-9]* | '') fail 1 "HTTP status $(cat "$work/status"), and not an answer of the service" ;;
    *) fail 1 "$code: $message" ;;
esac
[ "$(cat "$work/status")" = 200 ] || fail 1 "HTTP status $(cat "$work/status")"
jq -er '.data.image_urls[]?' "$work/answer" > "$work/urls" || fail 1 "content safety blocked every image"

index=0
while IFS= read -r url; do
    file=$work/$(printf '%02d' "$index").jpeg
    curl --silent --show-error --fail --max-time "$(left)" --output "$file" --url "$url" < /dev/null ||
        fail 3 "no image from $url"
    case $(od -An -tx1 -N3 "$file" | tr -d ' \n') in
        ffd8ff | 89504e | 524946) ;;
        *) fail 3 "not an image: $url" ;;
    esac
    index=$((index + 1))
done < "$work/urls"
mkdir -p "$out"
cp "$work"/*.jpeg "$out"
[ "$index" -ge "${n:-1}" ] || printf 'content safety blocked %d of %d images\n' $((n - index)) "$n" >&2
