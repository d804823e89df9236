"""A stylesheet is cut to the classes, custom properties and keyframes that are used."""

import pytest

from dev.stylesheet import cut


@pytest.mark.parametrize(
    ("full", "left"),
    [
        (".a{margin:0}.b{margin:0}", ".a{margin:0}"),
        (".a,.b,p{margin:0}", ".a,p{margin:0}"),
        (".a .b{margin:0}.a>p:hover{margin:0}", ".a>p:hover{margin:0}"),
        (".a:not(.b){margin:0}:not(.b)+.a{margin:0}", ".a:not(.b){margin:0}:not(.b)+.a{margin:0}"),
        ("[data-b]{margin:.5rem}", "[data-b]{margin:.5rem}"),
        ("@media print{.b{margin:0}}@media print{.a{margin:0}.b{margin:0}}",
         "@media print{.a{margin:0}}"),
        ("@supports (gap:0){@media print{.b{margin:0}}}", ""),
        (".a{background:url(\"data:image/svg+xml,.b{}\")}",
         ".a{background:url(\"data:image/svg+xml,.b{}\")}"),
        (".a{--x: ;--y:1;margin:0!important}", ".a{margin:0!important}"),
        (".a{--x: ;--y:1;margin:var(--x,var(--y))}", ".a{--x: ;--y:1;margin:var(--x,var(--y))}"),
        (".a{--x:var(--y);--y:var(--z);--z:1;margin:0}", ".a{margin:0}"),
        (".a{--asked:1}", ".a{--asked:1}"),
        ("@keyframes turn{to{top:0}}.a{animation:1s turn}",
         "@keyframes turn{to{top:0}}.a{animation:1s turn}"),
        ("@keyframes turn{to{top:0}}.b{animation:1s turn}.turn{top:0}", ""),
        ("@charset \"UTF-8\";/*! by them */.a{top:0}/* a note */",
         "@charset \"UTF-8\";/*! by them */.a{top:0}"),
    ],
)  # fmt: skip
def test_what_is_left(full: str, left: str):
    assert cut(full, {"a", "--asked"}) == left
    assert cut(left, {"a", "--asked"}) == left
