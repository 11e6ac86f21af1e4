curl https://api.aigateway.sh/v1/images/generations \
  -H "Authorization: Bearer $AIGATEWAY_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model":"minimax/minimax-image-01-subject-reference","prompt":"a serene cyberpunk city at dusk"}'
