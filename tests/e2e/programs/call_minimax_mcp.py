"""Start the published minimax-mcp server over stdio, call its text_to_image tool once, and print what it says."""

import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    command = str(Path(sys.executable).with_name("minimax-mcp"))
    server = StdioServerParameters(command=command, args=[], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        result = await session.call_tool("text_to_image", json.loads(sys.argv[1]))
        print(result.content[0].text)


asyncio.run(main())
