"""Images as a client gets them: decoded, and what it sends as a reference."""

from __future__ import annotations

import io
from base64 import b64encode

from PIL import Image


def decoded(data: bytes) -> tuple[str | None, tuple[int, int]]:
    """Format and size of an image that can be decoded to its end. Raises what Pillow raises."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.format, image.size


def reference() -> dict[str, str]:
    """A portrait in a data URL."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "tan").save(file, "JPEG")
    return {"type": "character", "image_file": f"data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"}
