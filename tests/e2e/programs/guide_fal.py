import fal_client

def on_queue_update(update):
    if isinstance(update, fal_client.InProgress):
        for log in update.logs:
           print(log["message"])

result = fal_client.subscribe(
    "fal-ai/minimax/image-01/subject-reference",
    arguments={
        "prompt": "A beautiful woman with a crown on her head.",
        "image_url": "https://v3.fal.media/files/koala/hQwSnkWm8FDjou5SwLNuX_c223cf93-0036-4b18-bbea-bf6d0da7f210.png"
    },
    with_logs=True,
    on_queue_update=on_queue_update,
)
print(result)
