"""What a backend costs, as the report shows it; the figures come from whoever knows prices."""

from dataclasses import dataclass

from parity.compare.report.elements import Html, element


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one integration costs, in US dollars.

    `lines` are (item, a month without a request, what a million requests add); `note` tells where the prices come
    from.
    """

    lines: tuple[tuple[str, float, float], ...]
    note: str

    @property
    def idle(self) -> float:
        """What a month costs in which no request comes."""
        return sum(line[1] for line in self.lines)

    @property
    def per_million(self) -> float:
        """What a million requests add."""
        return sum(line[2] for line in self.lines)


def cost_figures(cost: Cost) -> list[Html]:
    """The two sums, and the bill behind them."""
    sums = [("per million requests", cost.per_million), ("a month, idle", cost.idle)]
    head = element("tr", [element("th", text, scope="col") for text in ("", "month", "million requests")])
    rows = [
        element("tr", element("th", item, scope="row"), element("td", _dollars(idle)), element("td", _dollars(million)))
        for item, idle, million in cost.lines
    ]
    return [
        element(
            "dl",
            [element("div", element("dt", name), element("dd", f"${value:,.2f}")) for name, value in sums],
            class_="figures cost",
        ),
        element(
            "details",
            element("summary", "What it is made of"),
            element("table", element("thead", head), element("tbody", rows)),
            element("p", cost.note, class_="note"),
            class_="bill",
        ),
    ]


def _dollars(amount: float) -> str:
    return f"${amount:,.2f}" if amount else ""
