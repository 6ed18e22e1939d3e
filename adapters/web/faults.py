"""The "Break provider A" panel: the faults of the simulated models, as switches of the desk."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from adapters.web.payloads import FaultForm, Refused
from bot.desk import Desk

PREFIX = "simulated."
NO_SUCH_FAULT = "there is no such fault"


@dataclass(frozen=True, slots=True)
class FaultChoice:
    """One way to break one simulated model: how it reads on the page, the model, the fault's stable value, and what the model does."""

    label: str
    model: str
    fault: str
    role: str = ""


class Option(BaseModel):
    """A fault that a provider can be given."""

    model_config = ConfigDict(frozen=True)

    label: str
    fault: str


class Provider(BaseModel):
    """A simulated provider on the panel; `fault` is empty while it works."""

    model_config = ConfigDict(frozen=True)

    name: str
    model: str
    role: str
    fault: str
    options: tuple[Option, ...]


class Faults:
    """Shows and sets what is broken. Every method raises StoreUnavailable."""

    def __init__(self, desk: Desk, choices: tuple[FaultChoice, ...]) -> None:
        self._desk = desk
        self._choices = choices

    async def panel(self) -> tuple[Provider, ...]:
        """Return the providers, lettered in the order of the choices, with what is broken now."""
        broken = await self._desk.switches(PREFIX)
        models = {choice.model: choice.role for choice in self._choices}
        return tuple(
            Provider(
                name=f"provider {letter}",
                model=model,
                role=role or model,
                fault=broken.get(PREFIX + model, ""),
                options=tuple(Option(label=choice.label, fault=choice.fault) for choice in self._choices if choice.model == model),
            )
            for letter, (model, role) in zip("ABCDEFGH", models.items(), strict=False)
        )

    async def set(self, form: FaultForm) -> None:
        """Break or mend a model. Raises Refused (400) for a fault that was not among the choices."""
        known = any(choice.model == form.model and form.fault in ("", choice.fault) for choice in self._choices)
        if not known:
            raise Refused(400, NO_SUCH_FAULT)
        await self._desk.switch(PREFIX + form.model, form.fault)
