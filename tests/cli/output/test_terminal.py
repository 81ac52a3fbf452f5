"""What comes from outside is never acted on by a terminal."""

import json

from parity.terminal import printable, safe_json, visible

HOSTILE = "a\x1b[2J\x9b31m\x07b\x00\x7f\x85\u202ec\ud800"


def test_controls_of_both_sets_become_signs() -> None:
    assert printable(HOSTILE) == "a␛[2J�31m␇b␀␡��c�"


def test_what_is_printable_stays_as_it_is() -> None:
    assert printable("Grüße\t日本\n😀") == "Grüße\t日本\n😀"


def test_a_line_has_signs_for_line_breaks_and_tabs() -> None:
    assert visible("a\r\n\tb\u2028c") == "a␍⏎⇥b⏎c"


def test_json_says_the_same_with_its_controls_escaped() -> None:
    text = json.dumps({"é": HOSTILE}, ensure_ascii=False)
    safe = safe_json(text)
    assert json.loads(safe) == json.loads(text)
    assert not any(character in safe for character in "\x1b\x9b\x85\u202e\x7f")
    assert "é" in safe
