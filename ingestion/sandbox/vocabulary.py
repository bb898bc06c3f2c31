"""The words of the sample company: invented names, places, products, channels and campaigns.

Obviously fictitious on purpose. Rates that say how often a word is used belong to `behaviour.py`, except the shares
that stand beside a word here.
"""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Karla Leon Mia Noah Olivia Paul Rosa "
    "Simon Tilda Umut Vera Willi Xenia Yasin Zoe Lukas Marie Emil Frieda Oskar Johanna Anton Lea "
    "Moritz Nele Jakob Lina Theo Sofia Matteo"
)
LAST_NAMES = _words(
    "Muster Beispiel Probst Fiktiva Sample Tester Schmidt Fischer Weber Becker Wagner Koch Bauer "
    "Richter Klein Wolf Neumann Schwarz Braun Zimmer Hartmann Lange Krause Lehmann Maier Huber Vogel "
    "Friedrich Keller Jansen Winkler Arnold Lorenz Graf Brandt Roth Seidel Engel Horn Busch Bergmann "
    "Sauer Adler Falke Specht Kranich Storch Amsel Drossel Fink"
)
STREETS = (
    "Musterweg",
    "Beispielallee",
    "Probegasse",
    "Testplatz",
    "Lindenstrasse",
    "Gartenweg",
    "Ringstrasse",
    "Am Markt",
)

# Country, cities with postal codes, currency, dialling prefix of a mobile number, share of people.
COUNTRIES = ("DE", "AT", "CH", "US")
COUNTRY_SHARES = (0.8, 0.08, 0.08, 0.04)
CURRENCIES = ("EUR", "EUR", "CHF", "USD")
PHONE_PREFIXES = ("+49151", "+43660", "+4179", "+12025")
PHONE_DIGITS = (8, 7, 7, 6)
CITIES = (
    ("Berlin", "Hamburg", "München", "Köln", "Leipzig", "Dresden", "Bonn", "Bremen"),
    ("Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Villach", "Wels", "Steyr"),
    ("Zürich", "Basel", "Bern", "Luzern", "Genève", "Lausanne", "Zug", "Chur"),
    ("Boston", "Austin", "Denver", "Seattle", "Portland", "Chicago", "Phoenix", "Albany"),
)
POSTAL_CODES = (
    ("10115", "20095", "80331", "50667", "04109", "01067", "53111", "28195"),
    ("1010", "8010", "4020", "5020", "6020", "9500", "4600", "4400"),
    ("8001", "4001", "3001", "6003", "1201", "1003", "6300", "7000"),
    ("02108", "78701", "80202", "98101", "97201", "60601", "85003", "12207"),
)
MAIL_DOMAINS = ("example.com", "example.org", "example.net")
OWNERS = ("owner-nord", "owner-sued", "owner-west", "owner-ost", "owner-key-accounts")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to the site.

    Args:
        name: the marketing channel.
        source: utm_source, empty where links carry no tags.
        medium: utm_medium.
        referrer: address of the page before.
        platform: advertising platform whose spend pays for it, empty where free.
        first_share: share of first touches.
        later_share: share of later visits.
        click_cost: cents per click.
    """

    name: str
    source: str
    medium: str
    referrer: str
    platform: str
    first_share: float
    later_share: float
    click_cost: int = 0


CHANNELS = (
    Channel("direct", "", "", "", "", 0.13, 0.42),
    Channel("organic_search", "", "", "https://www.search.example/", "", 0.22, 0.24),
    Channel("paid_search", "google", "cpc", "https://www.search.example/", "google_ads", 0.2, 0.08, 140),
    Channel("paid_social", "facebook", "paid_social", "https://facebook.example/", "meta_ads", 0.17, 0.07, 95),
    Channel("paid_social", "instagram", "paid_social", "https://instagram.example/", "meta_ads", 0.08, 0.05, 88),
    Channel("organic_social", "instagram", "social", "https://instagram.example/", "", 0.06, 0.07),
    Channel("referral", "", "", "https://blog.example.net/", "", 0.05, 0.04),
    Channel("word_of_mouth", "friend", "referral", "", "", 0.04, 0.0),
    Channel("influencer", "influencer", "influencer", "https://video.example/", "", 0.02, 0.01),
    Channel("offline", "flyer", "qr", "", "offline", 0.03, 0.02, 160),
    Channel("email", "newsletter", "email", "https://mail.example/", "", 0.0, 0.0),
)
PAID_SEARCH = 2
WORD_OF_MOUTH = 7
EMAIL_CHANNEL = 10
AD_THEMES = ("brand", "generic", "retargeting", "season")

# Category, entry price and top price in cents, cost share, share of demand.
CATEGORIES = ("coffee", "tea", "machines", "accessories", "sweets", "gifts")
CATEGORY_PRICES = ((690, 4900), (490, 2900), (8900, 89900), (590, 7900), (290, 1900), (1490, 9900))
CATEGORY_COSTS = (0.48, 0.44, 0.68, 0.52, 0.4, 0.46)
CATEGORY_SHARES = (0.38, 0.18, 0.06, 0.16, 0.14, 0.08)
PRODUCTS_PER_CATEGORY = 40

PAGES = (
    "/",
    "/sale",
    "/new",
    "/brewing-guide",
    "/about",
    "/shops",
    "/magazine",
    "/gift-finder",
    "/shipping",
    "/account",
)
SEARCHES = ("espresso", "decaf", "filter", "gift", "mill", "green tea", "organic", "descaler")
DEVICES = ("desktop", "mobile", "tablet")
DEVICE_SHARES = (0.4, 0.53, 0.07)

INDUSTRIES = ("hospitality", "retail", "software", "manufacturing", "health", "education", "logistics", "finance")
COMPANY_WORDS = (
    "Nordstern",
    "Falkenhof",
    "Blauwal",
    "Lindental",
    "Morgenrot",
    "Silberbach",
    "Rabenstein",
    "Sonnenberg",
)
COMPANY_FORMS = ("GmbH", "AG", "KG", "e.V.", "SE")
DEAL_STAGES = ("qualified", "proposal", "negotiation", "closed_won", "closed_lost")
TOPICS = ("delivery", "return", "invoice", "product_question", "account", "complaint", "contract")
TICKET_CHANNELS = ("email", "chat", "phone", "web_form")
PLANS = ("coffee_box_s", "coffee_box_m", "coffee_box_l", "office_coffee")
PLAN_MONTHLY_CENTS = (1490, 2490, 3990, 18900)
PLATFORMS = ("instagram", "facebook", "tiktok", "linkedin")
PLATFORM_SHARES = (0.52, 0.27, 0.14, 0.07)
INTERACTIONS = ("like", "comment", "share", "mention", "message", "click", "save")
PAGE_MEASURES = ("likes", "comments", "shares", "saves", "clicks", "followers")
INTERACTION_SHARES = (0.56, 0.11, 0.07, 0.04, 0.04, 0.1, 0.08)
AGENTS = ("Mozilla/5.0 (iPhone)", "Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (Linux; Android 14)", "Mail/16.0")
PROXY_AGENT = "Mozilla/5.0"
