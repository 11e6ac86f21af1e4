curl --request POST \
  --url https://fal.run/fal-ai/minimax/image-01/subject-reference \
  --header "Authorization: Key $FAL_KEY" \
  --header "Content-Type: application/json" \
  --data '{
     "prompt": "A beautiful woman with a crown on her head.",
     "image_url": "https://v3.fal.media/files/koala/hQwSnkWm8FDjou5SwLNuX_c223cf93-0036-4b18-bbea-bf6d0da7f210.png"
   }'
