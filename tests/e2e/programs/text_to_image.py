"""Call the function behind the tool of the published minimax-mcp, once for each call named, and print what came of it.

``text_to_image.py '[["a prompt", 1], ...]'``: for each, as JSON, what it said or raised, and the bytes that it wrote.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from minimax_mcp.server import text_to_image

answers = []
for prompt, n in json.loads(sys.argv[1]):
    with TemporaryDirectory() as folder:
        try:
            said = text_to_image(prompt=prompt, n=n, aspect_ratio="16:9", output_directory=folder).text
        except Exception as error:  # noqa: BLE001 - what escapes is what is asked about
            said = f"{type(error).__name__}: {error}"
        written = [file.read_bytes().hex() for file in sorted(Path(folder).iterdir())]
    answers.append({"said": said, "written": written})
print(json.dumps(answers))
