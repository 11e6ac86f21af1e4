"""The machine-readable label of generated content: an XMP packet in a JPEG's APP1 segment."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from mock_server.render.segments import APP1, segment

_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>{}</TC260:AIGC>'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def label(facts: bytes) -> bytes:
    """The APP1 segment with the implicit label of GB 45438-2025 for the picture that ``facts`` (its comments) describe.

    The fields are those of the standard's metadata, ``Label`` "1" means generated, and namespace and property are those
    of TC260's practice guide for image files (TC260-PG-20258A). Assumed: that the live service labels in this way at
    all, and that fields without a value are empty strings. A real ``ContentProducer`` is a registered code; ours is a
    name, so that nobody takes the picture for the service's. ``ProduceID`` is derived from the facts.
    """
    fields = {
        "Label": "1",
        "ContentProducer": "minimax-mock",
        "ProduceID": sha256(facts).hexdigest()[:32],
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    packet = _PACKET.format(msgspec.json.encode(fields).decode())
    return segment(APP1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())
