"""The dialects by name."""

from __future__ import annotations

from contract_tests.faces.fal import FACE as FAL
from contract_tests.faces.interface import Face
from contract_tests.faces.minimax import FACE as MINIMAX
from contract_tests.faces.openai import FACE as OPENAI

FACES: dict[str, Face] = {face.name: face for face in (MINIMAX, OPENAI, FAL)}
