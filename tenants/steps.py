"""What a new company gets besides its tables. Apps above add their step in `AppConfig.ready`."""

from collections.abc import Callable

from tenants.models import GasCompany

Step = Callable[[GasCompany], None]
_steps: list[Step] = []


def tenant_step(step: Step) -> Step:
    """Register `step`: called in the new company's schema, inside the provisioning transaction."""
    if step not in _steps:
        _steps.append(step)
    return step


def run_steps(company: GasCompany) -> None:
    for step in _steps:
        step(company)
