"""What comes from outside is never acted on by a terminal."""

from parity.terminal import printable, visible

HOSTILE = "a\x1b[2J\x9b31m\x07b\x00\x7f\x85\u202ec\ud800"


def test_controls_of_both_sets_become_signs() -> None:
    assert printable(HOSTILE) == "a␛[2J�31m␇b␀␡��c�"


def test_what_is_printable_stays_as_it_is() -> None:
    assert printable("Grüße\t日本\n😀") == "Grüße\t日本\n😀"


def test_a_line_has_signs_for_line_breaks_and_tabs() -> None:
    assert visible("a\r\n\tb\u2028c") == "a␍⏎⇥b⏎c"
