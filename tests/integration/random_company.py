"""A company of people to whom anything may happen, in any order and at one instant, for tests of what always holds.

Times come from a coarse grid, so that ties are common; many fall on the last and first instants of a business day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from ingestion.contract import entity_named

START, DAYS = datetime(2022, 1, 1), 900
HOURS = (0, 10, 21, 22, 23)
WEB_EVENTS = (
    *("page_view", "product_view", "pricing_view", "compare", "add_to_cart", "checkout_started", "form_submit"),
    *("newsletter_signup", "trial_started", "login", "help_view", "review_view"),
)
VISITS = (("", ""), ("google", "cpc"), ("google", "organic"), ("facebook", "paidsocial"))


class RandomCompany:
    """Tables of a company drawn from a seed.

    Args:
        seed: decides everything.
        people: how many people there are; about a third of them keep to a cookie.
    """

    def __init__(self, seed: int, people: int) -> None:
        self.random, self.rows = Random(seed), {}  # noqa: S311 (test data, no secret)
        for number in range(people):
            self._person(f"p{number}")
        for day in range(0, DAYS, 30):
            for platform, channel in (
                ("google_ads", "paid_search"),
                ("meta_ads", "paid_social"),
                ("offline", "offline"),
            ):
                spend = {"impressions": 100, "clicks": self._maybe(7), "spend_amount": 20, "currency": "EUR"}
                date = (START + timedelta(days=day)).date()
                self._add(
                    "social__ad_spend", platform=platform, campaign_id="a", spend_date=date, channel=channel, **spend
                )

    def tables(self) -> dict[str, str]:
        """Entity as in `crm__orders` -> its table with `|` between cells."""
        return {name: "\n".join([" | ".join(rows[0]), *map(_line, rows)]) for name, rows in self.rows.items()}

    def _add(self, name: str, **cells: object) -> None:
        assert entity_named(name.replace("__", "_")), name
        number = len(self.rows.setdefault(name, []))
        self.rows[name].append({key: f"{name}{number}" if cell is ... else cell for key, cell in cells.items()})

    def _time(self) -> datetime:
        return START + timedelta(days=self.random.randrange(DAYS), hours=self.random.choice(HOURS))

    def _later(self, earlier: datetime, days: int) -> datetime:
        return earlier + timedelta(days=self.random.randrange(days), hours=self.random.choice((0, 0, 1)))

    def _maybe(self, value: object, chance: float = 0.5) -> object:
        return value if self.random.random() < chance else ""

    def _times(self, at_most: int) -> list[datetime]:
        """Instants, some of them twice."""
        times = [self._time() for _ in range(self.random.randrange(at_most + 1))]
        return times + times[: self.random.randrange(2)]

    def _person(self, name: str) -> None:
        mail = f"{name}@example.com"
        is_known = self.random.random() < 0.7
        for at in self._times(6):
            event = self.random.choice(WEB_EVENTS)
            known_mail = self._maybe(mail, 0.3) if is_known else ""
            source, medium = self.random.choice(VISITS)
            self._add(
                "web__events",
                event_id=...,
                anonymous_id=f"c-{name}",
                email=known_mail,
                event=event,
                occurred_at=at,
                utm_source=source,
                utm_medium=medium,
            )
        if is_known:
            country, company = self._maybe("AT"), self._maybe("acme", 0.2)
            self._add(
                "crm__contacts",
                contact_id=name,
                email=mail,
                country=country,
                company_id=company,
                created_at=self._time(),
            )
            self._purchases(name)
            self._relations(name, mail)

    def _purchases(self, name: str) -> None:
        for at in self._times(self.random.choice((0, 1, 2, 7))):
            status = self.random.choice(("paid", "fulfilled", "fulfilled", "pending", "cancelled", "refunded"))
            order = {"order_id": ..., "contact_id": name, "ordered_at": at, "status": status, "currency": "EUR"}
            order |= {"net_amount": self.random.choice((0, 10, 80)), "refunded_amount": self._maybe(5, 0.2)}
            order |= {"cancelled_at": self._later(at, 9) if status == "cancelled" else ""}
            order |= {"channel": self._maybe("online"), "is_test": self._maybe("true", 0.1)}
            self._add("crm__orders", **order)
        for at in self._times(self.random.choice((0, 0, 1, 2))):
            has_trial, has_contract = self.random.choice(((True, False), (False, True), (True, True)))
            started = self._later(at, 20) if has_contract else ""
            contract = {"subscription_id": ..., "contact_id": name, "trial_started_at": at if has_trial else ""}
            contract |= {"started_at": started, "mrr_amount": 9, "currency": "EUR"}
            contract |= {"term_ends_at": self._maybe(self._later(started, 300), 0.6) if started else ""}
            contract |= {"cancelled_at": self._maybe(self._later(started, 200), 0.3) if started else ""}
            contract |= {"plan": "small", "updated_at": at}
            self._add("crm__subscriptions", **contract)
            for _ in range(self.random.choice((0, 0, 1, 3))):
                self._contract_version()

    def _contract_version(self) -> None:
        """The last contract again, later: renewed, in another plan, or as it was."""
        latest = self.rows["crm__subscriptions"][-1]
        ends_at = latest["term_ends_at"]
        self.rows["crm__subscriptions"].append(
            latest
            | {
                "updated_at": self._later(latest["updated_at"], 200),
                "term_ends_at": self._later(ends_at, 200) if ends_at else "",
                "plan": self.random.choice(("small", "large")),
                "mrr_amount": self.random.choice((5, 9, 20)),
            }
        )

    def _relations(self, name: str, mail: str) -> None:
        for at in self._times(2):
            stage, is_closed = self.random.choice((("proposal", "false"), ("negotiation", "false"), ("won", "true")))
            deal = {"deal_id": ..., "contact_id": name, "stage": stage, "is_closed": is_closed, "is_won": is_closed}
            closed = self._later(at, 60) if is_closed == "true" else ""
            self._add("crm__deals", **deal, created_at=at, closed_at=closed)
        for at in self._times(3):
            kind = self.random.choice(("nps", "csat", "ces"))
            score = self.random.choice((0, 6, 7, 9, 10)) if kind == "nps" else self.random.choice((1, 4, 5))
            self._add(
                "crm__survey_responses",
                response_id=...,
                contact_id=name,
                survey_type=kind,
                score=score,
                responded_at=at,
            )
        for at in self._times(1):
            self._add("crm__reviews", review_id=..., contact_id=name, rating=self.random.choice((1, 4)), occurred_at=at)
            self._add("crm__referrals", referral_id=..., referrer_contact_id=name, occurred_at=at)
            self._add("crm__loyalty_events", event_id=..., contact_id=name, type="scan", occurred_at=self._time())
            topic = self._maybe("complaint")
            self._add("crm__tickets", ticket_id=..., contact_id=name, topic=topic, opened_at=self._time())
        for at in self._times(3):
            kind = self.random.choice(("delivered", "open", "click", "unsubscribe"))
            self._add("email__events", event_id=..., email=mail, campaign_id="c1", type=kind, occurred_at=at)


def _line(row: dict[str, object]) -> str:
    return " | ".join(
        f"{cell:%Y-%m-%dT%H:%M:%SZ}" if isinstance(cell, datetime) else str(cell) for cell in row.values()
    )
