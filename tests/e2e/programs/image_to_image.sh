# The example of https://platform.minimax.io/docs/api-reference/image-generation-i2i, with host, token and content type filled in.
curl --request POST \
--url https://api.minimax.io/v1/image_generation \
--header 'Authorization: Bearer <token>' \
--header 'Content-Type: <content-type>' \
--data '
{
"model": "image-01",
"prompt": "A girl looking into the distance from a library window",
"aspect_ratio": "16:9",
"subject_reference": [
{
"type": "character",
"image_file": "https://cdn.hailuoai.com/prod/2025-08-12-17/video_cover/1754990600020238321-411603868533342214-cover.jpg"
}
],
"n": 2
}
'
