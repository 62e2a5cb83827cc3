"""A person in a browser, and what a browser complains about."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FrameLocator, Page, Response

from dev.local.airflow_environment import ADMIN, admin_password
from tests.long.operator_stack import OperatorStack

WIDE, PHONE = (1280, 900), (390, 844)
ALLOWED = "An iframe which has both allow-scripts and allow-same-origin"
"""Chromium's remark about the frame that Airflow makes."""


@dataclass
class Visitor:
    """A logged-in person. `complaints` collects console errors, failed responses and requests to the outside."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def log_in(
        cls, browser: Browser, installation: OperatorStack, *, theme: str = "light", address: str | None = None
    ) -> "Visitor":
        """Open a window on Airflow's home page after the login.

        `address` is that of Airflow behind a reverse proxy; without it, the window is on the API server itself.
        """
        width, height = WIDE
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
        one = cls(context, context.new_page(), address or installation.local.settings.url)
        context.on("console", one._hear)
        context.on("response", one._look_at)
        one.page.goto(f"{one.address}/auth/login")
        one.page.fill("input[name=username]", ADMIN)
        one.page.fill("input[name=password]", admin_password(installation.sandbox.layout))
        one.page.click("button[type=submit]")
        one.page.wait_for_url(lambda url: "login" not in url)
        one.complaints.clear()
        return one

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and ALLOWED not in message.text:
            self.complaints.append(f"console {message.type} at {message.location.get('url')}: {message.text}")

    def _look_at(self, response: Response) -> None:
        # A data: or blob: address is content that the page has already.
        if response.url.startswith("http") and not response.url.startswith(f"{self.address}/"):
            self.complaints.append(f"request to the outside: {response.url}")
        if "/fpl-pulse/" in response.url and response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    @property
    def frame(self) -> FrameLocator:
        """The pages inside Airflow."""
        return self.page.frame_locator("iframe[title='FPL Pulse']")

    def open(self, path: str, *, width: int = WIDE[0], theme: str = "light") -> Page:
        """Open one of the pages by its address, outside Airflow's frame, with all pictures loaded."""
        self.page.set_viewport_size({"width": width, "height": WIDE[1]})
        self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        self.page.goto(f"{self.address}/fpl-pulse/{path}")
        # Pictures are loaded when they come into view.
        for picture in self.page.locator("img:visible").all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("one => one.decode()")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds on the open page."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]

    def is_wider_than_window(self) -> bool:
        """Whether the page would scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def close(self) -> None:
        """Close the window. Fails when the browser complained about something."""
        self.context.close()
        assert not self.complaints, "The browser complained:\n" + "\n".join(self.complaints)
