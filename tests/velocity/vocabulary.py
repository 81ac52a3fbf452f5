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
iterator().remove()
listIterator().next()
listIterator(I).previous()
listIterator().nextIndex()
sort(R)
forEach(R)
computeIfAbsent(A, R)
toArray(A).size()
toArray(A, A)
format(F)
format(F, A)
format(F, A, A)
format(F, N)
format(F, R)
formatted(A)
join(S, A)
join(S, S, R)
valueOf()
valueOf(A, A)
copyValueOf(R)
getBytes(R)
getBytes('utf-16').size()
codePointBefore(I)
offsetByCodePoints(I, I)
compare(S, S)
compare(N, N)
stripIndent()
translateEscapes()
toLowerCase(R)
replaceAll(S, R)
reverse(N)
reverseBytes(N)
rotateLeft(N, I)
highestOneBit(N)
lowestOneBit(N)
numberOfLeadingZeros(N)
numberOfTrailingZeros(N)
bitCount(N)
toUnsignedString(N)
toUnsignedLong(N)
divideUnsigned(N, N)
remainderUnsigned(N, N)
parseInt(S, I)
parseLong(S, I)
parseUnsignedInt(S)
decode(S)
hashCode(A)
doubleToLongBits(N)
and(A)
shiftLeft(I)
shiftRight(I)
testBit(I)
sqrt()
intValueExact()
charAt(I).isLetter(N)
charAt(I).getNumericValue(N)
charAt(I).toUpperCase(N)
class.componentType
class.canonicalName
class.typeName
wait(I)
""")

FORMATS = _lines("""
%s
%d
%5d
%05d
%-5d|
%+d
%(d
%,d
%x
%#X
%o
%f
%.2f
%,.1f
%e
%.0e
%g
%s-%s
%2$s %1$s
%s %<S
%10s|
%-10s|
%.2s
%b
%c
%h
%%
%5%
%n
%q
%
%-d
%+x
%.2d
%08.3f
%tY
""")

STATEMENTS = _lines("""
#set($it = $l.iterator())#foreach($x in $it)$x#if($foreach.index == 1)$it.remove()#end#end$l
#set($it = $m.entrySet().iterator())#foreach($x in $it)#if($x.key == 'b')$it.remove()#end$x.value#end$m
#set($it = $m.keySet().iterator())$it.next()$it.remove()$it.next()$m
#set($it = $l.listIterator())$it.next()$it.set($s)$it.add($i)$it.previous()$it.hasPrevious()$l
#set($it = $l.subList(0,1).iterator())$it.next()$it.remove()$l$it.hasNext()
#set($it = $l.iterator())$it.next()$l.add($i)$l.remove(0)$it.next()
#foreach($x in $l)$x#set($q = $l.add($i))#set($q = $l.remove(0))#end
#foreach($x in $l)$x$l.addAll($el)#end
#foreach($x in $m.keySet())$x#set($m.w = $i)$m.remove('w')#end
#foreach($x in $m.entrySet())$m.remove($x.key)$x.value#break#end$m
#foreach($x in $l)$foreach.putAll($m)$foreach $foreach.keySet()#foreach($y in $l)$foreach.put('a', 2)$foreach.a#end#end
#foreach($x in $l)$foreach.clone()$foreach.equals($foreach.topmost)#set($foreach.b = 1)$foreach.values()#end
$s.replace('', '-') $s.split('').size()
#foreach($foreach in $l)$foreach#end
#set($y = [-2147483648..2147483647])$y#set($y = [2147483647..-2147483647])$y
#set($y = [-2147483648..-1])
#set($y = $huge * -0.0)$y #set($y = -0.0 / $huge)$y
#set($y = $l.subList(0, 1))#set($q = $l.add(1))#set($y[-1] = 1)
#define($blk)#set($q = $i)$i#end#if($blk == $u)a#end#if($blk == $i)b#end#if($u != $blk)c#end$!q
#define($blk)[$blk.toString()$s.valueOf($blk)]#end$blk
#define($blk)[#if($blk == $u)a#end#if($blk)b#end]#end$blk
#define($blk)$s.charAt(99)#end#if($blk)a#end
#define($blk)#evaluate($blk)#end$blk
#foreach($x in $l)$foreach.count#foreach($foreach in $l)$foreach#end#end
#set($foreach = $i)#foreach($foreach in $l)$foreach#end$foreach
#set($y = $i.floatValue() + $big)$y#if($big.floatValue() == $big)T#end#if($i.floatValue() < $i)F#end
#set($y = $big.floatValue() % 2147483647)$y#set($y = 16777217 * $d.floatValue())$y
#set($y = $i.floatValue())$y.hashCode() #set($y = $huge + 0.5)$y.hashCode()
#set($y = '😀a')$y.charAt(0)$y.charAt(1) $y.substring(1) $y.split('').size() $s.format('%.2s|%4s', $y, $y)
#set($y = 'İi')$y.compareToIgnoreCase($s) $y.equalsIgnoreCase('ii')
#set($y = $s.bytes)$y[0].class #set($y[0] = $i)
#set($y = $s.toCharArray())#set($y[0] = $s.charAt(0))$y[0]$y.set(0, $s)
#set($q = $m.put($m, 1))$m.keySet().hashCode()
#set($y = $l.subList(0,1))#set($q = $l.add($i))#set($q = $l.remove(0))$y.size()
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
l*?
l??
(|l)
(?:)*?
[a-z]*?
a{2}{2}
{2}
l{1}+{2}?
^*
\b{2}
l**
l{2}*
(?i)*
(?i){2}l
[a&&]
[&&a]
[&&]
\G
\G.
\X
\N{LATIN SMALL LETTER L}
\N{NO SUCH LETTER}
(?<x>l)(?<x>l)
\k<x>(?<x>l)
\R{2}
l{2,1}
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
