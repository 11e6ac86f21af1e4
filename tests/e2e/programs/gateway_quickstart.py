from openai import OpenAI
client = OpenAI(base_url="https://api.aigateway.sh/v1", api_key="sk-aig-...")

r = client.images.generate(
    model="minimax/minimax-image-01-subject-reference",
    prompt="a cyberpunk cat at sunset",
    size="1024x1024",
)
print(r.data[0].url)
