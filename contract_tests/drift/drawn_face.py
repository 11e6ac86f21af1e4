"""A drawn face, for calls with a subject reference: it shows nobody."""

from __future__ import annotations

import base64
import io


def _portrait() -> str:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (512, 512), "#cfd8e3")
    draw = ImageDraw.Draw(image)
    draw.ellipse((86, 400, 426, 700), fill="#3b5b7d")
    draw.rectangle((216, 360, 296, 440), fill="#d9a984")
    draw.ellipse((136, 70, 376, 380), fill="#4a3222")
    draw.ellipse((156, 110, 356, 400), fill="#e6b894")
    for left in (198, 280):
        draw.ellipse((left, 220, left + 36, 242), fill="white")
        draw.ellipse((left + 11, 223, left + 26, 240), fill="#33261d")
        draw.line((left - 2, 208, left + 38, 204), fill="#4a3222", width=6)
    draw.line((256, 240, 248, 296, 264, 300), fill="#c08f6c", width=5)
    draw.arc((216, 296, 296, 350), 20, 160, fill="#a3453f", width=7)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


PORTRAIT = _portrait()
"""As a data URL."""
