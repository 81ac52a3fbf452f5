"""The words that random templates are made of, one a line.

`␤` stands for a line feed, `␍` for a carriage return, `⇥` for a tab, `␠` for a space at the end of a line.
"""

from functools import cache
from pathlib import Path


@cache
def oddities() -> list[str]:
    """Whole pieces of templates, right and wrong ones, that random choice would hardly find."""
    return _lines(Path(__file__).with_name("oddities.vm").read_text(encoding="utf-8"))


def _lines(text: str) -> list[str]:
    lines = text.strip("\n").split("\n")
    return [line.replace("␤", "\n").replace("␍", "\r").replace("⇥", "\t").replace("␠", " ") for line in lines]


TEXTS = _lines("""
a
␠b␠
text
␤
␠␠
⇥
{
}
"k":␠
,␠
.
x.y
(
)
[
]
-
_
!
é
␍␤
line␤␠␠next
'
"
=
50%
a@b.c
<b>
&
;
|
␤␤
␠␤␠
0
1.5
not
end
""")

EDGE_TEXTS = [
    *_lines(r"""
\
\\
$
#
$$
##
$.
$[
$!
#[
$1
#1
$-
$!{
${
#{
]]#
*#
#*
\$
\#
$_
#_
\!
$\!
#@
#␠
$␠
\n
\\\
#$
$#
}}
{{
##␤
#**#
#***#
#[[]]#
#1..2
$5.00
#-
#end#
#else
@
\\#
\\$
$..
-$
"""),
    "\U0001f600",
    "\x00",
    "\u2028",
    "\ufeff",
]

STRINGS = [
    "",
    *_lines("""
a
Hello
b,c,,d,
␠␠pad␠
x1y2
true
7
2.5
ÀÉß
null
a.b.c
l
$1
q'q
k
"""),
]

STEPS = _lines("""
a
b
nest
x
key
value
size
empty
n
id
name
y
c-d
class.name
bytes
Foo
tags
blank
parent
count
""")

INDEXES = _lines("""
0
1
'a'
"b"
$i
2
'nest'
$s
-1
5
true
$neg
␠0␠
""")

METHODS = _lines("""
class.valueOf(A)
class.isInstance(A)
class.size()
size()
length()
toString()
isEmpty()
trim()
toUpperCase()
toLowerCase()
hashCode()
keySet()
values()
entrySet()
get(I)
get(S)
get(R)
put(S, A)
put(A, A)
containsKey(A)
contains(A)
add(A)
remove(I)
remove(S)
remove(A)
indexOf(A)
indexOf(S, I)
lastIndexOf(A)
subList(I, I)
equals(A)
substring(I)
substring(I, I)
charAt(I)
replace(S, S)
concat(S)
concat(A)
startsWith(S)
startsWith(S, I)
endsWith(S)
equalsIgnoreCase(S)
compareTo(A)
compareToIgnoreCase(S)
getOrDefault(S, A)
putIfAbsent(S, A)
intValue()
doubleValue()
longValue()
set(I, A)
clear()
addAll(L)
addAll(I, L)
containsAll(L)
containsValue(A)
putAll(M)
repeat(I)
strip()
isBlank()
getKey()
getValue()
foo()
foo(A)
get(N)
getClass().getName()
getClass().getSimpleName()
removeAll(L)
retainAll(L)
add(I, S)
size(A)
toString(A)
length(I)
valueOf(A)
iterator().next()
iterator().hasNext()
toCharArray().size()
codePointAt(I)
parseInt(S)
max(N, N)
abs()
subtract(N)
multiply(A)
stripLeading()
isNaN()
booleanValue()
shortValue()
byteValue()
floatValue()
toHexString(N)
regionMatches(I, S, I, I)
indent(I)
join(S, L)
replace(S, A, A)
remove(S, A)
setValue(A)
split(S).isEmpty()
bytes.size()
""")

PATTERNS = _lines(r"""
l
[a-z]
\d+
\s*,\s*
(.)(.)
a|b

.
^H
\w+?
[^,]*+
\Q.\E
(?i)h
,
[aeiou]
$
(?:l|o)+
\\.
""")
EDGE_PATTERNS = _lines(r"""
[
(?<n>l)
*
\p{Lu}
\b
x*
(a
[a-c&&b]
\
a{2,}
(?=l)
(l)\1
[[:alpha:]]
\p{Alpha}+
[^\s]
\x41
\u0041
(?s).*
""")
REPLACEMENTS = _lines(r"""
-
$1

[$0]
x
$2$1
\$
\\
\n
""")
EDGE_REPLACEMENTS = _lines(r"""
$
$9
${n}
\
$10
$x
""")
