"""The words for slugs of the marts in the languages of the report.

Slugs that are data of the project (touchpoints, RFM segments, contact triggers) bring their words in their seed; the
others the project gives out stand here. A company's own names (campaigns, platforms) are shown as they are.
"""

from __future__ import annotations

import csv
from functools import cache

from ingestion.settings import PROJECT_ROOT
from orchestration.lifecycle_report.model import Text

_MODELS = {
    "six_phase": Text("Six phases", "Sechs Phasen"),
    "relationship": Text("Relationship", "Kundenbeziehung"),
    "three_r": Text("Recruitment, retention, recovery", "Recruitment, Retention, Recovery"),
    "experience": Text("Experience", "Erlebnis"),
}

_CHANNELS = {
    "all": Text("all", "alle"),
    "consent": Text("consent", "Einwilligung"),
    "direct": Text("direct", "direkt"),
    "email": Text("e-mail", "E-Mail"),
    "influencer": Text("influencer", "Influencer"),
    "loyalty": Text("loyalty programme", "Kundenkarte"),
    "marketplace": Text("marketplace", "Marktplatz"),
    "none": Text("none", "keine"),
    "offline": Text("offline", "offline"),
    "online": Text("online", "online"),
    "organic_search": Text("organic search", "organische Suche"),
    "organic_social": Text("organic social", "Social Media organisch"),
    "overall": Text("overall", "insgesamt"),
    "paid_search": Text("paid search", "bezahlte Suche"),
    "paid_social": Text("paid social", "Social Media bezahlt"),
    "phone": Text("phone", "Telefon"),
    "referral": Text("referral", "Verweis"),
    "sales": Text("sales", "Vertrieb"),
    "social": Text("social media", "Social Media"),
    "store": Text("store", "Laden"),
    "unattributed": Text("unattributed", "nicht zugeordnet"),
    "unknown": Text("unknown", "unbekannt"),
    "web": Text("web", "Web"),
    "word_of_mouth": Text("word of mouth", "Mundpropaganda"),
}

_ATTRIBUTION = {
    "first": Text("first touch", "erster Kontakt"),
    "last": Text("last touch", "letzter Kontakt"),
    "linear": Text("linear", "linear"),
    "position_based": Text("position based", "positionsbasiert"),
    "time_decay": Text("time decay", "zeitlich abklingend"),
    "data_driven": Text("data driven", "datengetrieben"),
}

_KPIS = {
    "average_transaction_value": Text("Average transaction value", "Durchschnittlicher Bestellwert"),
    "ces": Text("Customer effort (CES)", "Kundenaufwand (CES)"),
    "churn_rate": Text("Churn rate", "Abwanderungsrate"),
    "cost_per_acquisition": Text("Cost per acquisition", "Kosten je Neukunde"),
    "csat": Text("Customer satisfaction (CSAT)", "Kundenzufriedenheit (CSAT)"),
    "email_open_rate": Text("E-mail open rate (people)", "Öffnungsrate E-Mail (Menschen)"),
    "engagement_rate": Text("Engaged customers", "Aktiv eingebundene Kunden"),
    "nps": Text("Net promoter score (NPS)", "Weiterempfehlung (NPS)"),
    "purchase_frequency": Text("Orders per buyer", "Bestellungen je Käufer"),
    "repeat_purchase_rate": Text("Repeat purchase rate", "Wiederkaufrate"),
    "retention_rate": Text("Retention rate", "Kundenbindungsrate"),
    "returning_buyer_rate": Text("Returning buyers", "Wiederkehrende Käufer"),
    "roas": Text("Return on ad spend", "Werbeertrag (ROAS)"),
    "subscription_churn_rate": Text("Subscription churn rate", "Kündigungsrate Verträge"),
    "win_back_rate": Text("Win-back rate", "Rückgewinnungsrate"),
}

_ENGAGEMENT = {
    "any_open": Text("any open", "jede Öffnung"),
    "human_open": Text("opened by people", "von Menschen geöffnet"),
    "machine_open": Text("opened by machines", "von Maschinen geöffnet"),
    "click": Text("clicked", "geklickt"),
    "click_to_open": Text("clicks per open", "Klicks je Öffnung"),
    "engaged_session": Text("engaged sessions", "aktive Sitzungen"),
    "interaction": Text("interactions", "Interaktionen"),
    "card_scanned": Text("cards used", "genutzte Karten"),
    "engaged_customer": Text("engaged customers", "eingebundene Kunden"),
    "newsletter": Text("newsletter", "Newsletter"),
    "treated": Text("contacted", "angeschrieben"),
    "journey_end": Text("end of the journey", "Ende der Reise"),
    "holdout": Text("hold-out", "Kontrollgruppe"),
}

_QUALITY = {
    "g1_raw": Text("Gate 1: raw → staging", "Tor 1: roh → geprüft"),
    "g1b_conformed": Text("Gate 1b: staging → conformed", "Tor 1b: geprüft → vereinheitlicht"),
    "g2b_population": Text("Gate 2b: profile → marts", "Tor 2b: Profil → Marts"),
    "g2_profile": Text("Gate 2: conformed → profile", "Tor 2: vereinheitlicht → Profil"),
    "g3_marts": Text("Gate 3: marts → publish", "Tor 3: Marts → Veröffentlichung"),
    "error": Text("error", "Fehler"),
    "warn": Text("warning", "Warnung"),
    "pass": Text("passed", "bestanden"),
    "fail": Text("failed", "nicht bestanden"),
    "not_evaluated": Text("not evaluated", "nicht ausgewertet"),
}

_SEEDS = {
    "lifecycle/touchpoint_types.csv": "touchpoint",
    "lifecycle/rfm_segments.csv": "rfm_segment",
    "journeys/contact_triggers.csv": "trigger",
}


@cache
def vocabulary() -> dict[str, Text]:
    """The words by slug, with those the seeds hold; where both know a slug, the words of this module win."""
    words: dict[str, Text] = {}
    for path, slug in _SEEDS.items():
        with (PROJECT_ROOT / "dbt_project" / "seeds" / path).open(encoding="utf-8", newline="") as file:
            words |= {row[slug]: Text(row["label_en"], row["label_de"]) for row in csv.DictReader(file)}
    for known in (_MODELS, _CHANNELS, _ATTRIBUTION, _KPIS, _ENGAGEMENT, _QUALITY):
        words |= known
    return words
