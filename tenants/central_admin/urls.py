"""The central office's addresses besides modeladmin's own; `CentralAdmin` guards their host."""

from django.urls import URLPattern, path

from tenants.central_admin import (
    archives,
    change,
    domains,
    entering,
    fleet,
    proposals,
    runs,
    statuses,
    timeline,
)

_ONE = "tenants/gascompany/<int:company_id>"


def company_urls() -> tuple[URLPattern, ...]:
    """Return the addresses anew at each call, because their views get wrapped."""
    return (
        path("tenants/fleet/", fleet.fleet, name="fleet"),
        path("tenants/fleet.csv", fleet.fleet_file, name="fleet_file"),
        path("tenants/proposals/", proposals.proposals, name="proposals"),
        path("tenants/proposals/<int:proposal_id>/", proposals.proposal_show, name="proposal"),
        path(
            "tenants/proposals/<int:proposal_id>/confirm/",
            proposals.confirm,
            name="proposal_confirm",
        ),
        path(
            "tenants/proposals/<int:proposal_id>/decline/",
            proposals.decline,
            name="proposal_decline",
        ),
        path("tenants/archives/", archives.archives, name="company_archives"),
        path(
            "tenants/archives/<int:archive_id>/",
            archives.archive_download,
            name="company_archive_download",
        ),
        path(
            "tenants/archives/<int:archive_id>/check/",
            archives.archive_check,
            name="company_archive_check",
        ),
        path(
            "tenants/archives/<int:archive_id>/restore/",
            archives.archive_restore,
            name="company_archive_restore",
        ),
        path(
            "tenants/archives/runs/<int:run_id>/",
            archives.archive_run,
            name="company_archive_run",
        ),
        path(f"{_ONE}/open/", statuses.open_site, name="company_open"),
        path(f"{_ONE}/change/", change.change, name="company_change"),
        path(f"{_ONE}/suspend/", statuses.suspend, name="company_suspend"),
        path(f"{_ONE}/resume/", statuses.resume, name="company_resume"),
        path(f"{_ONE}/archive/", statuses.archive, name="company_archive"),
        path(f"{_ONE}/archive/again/", statuses.archive_again, name="company_archive_again"),
        path(f"{_ONE}/remove/", statuses.delete, name="company_delete"),
        path(f"{_ONE}/domains/", domains.add_domain, name="company_domain_add"),
        path(
            f"{_ONE}/domains/<int:domain_id>/primary/",
            domains.primary_domain,
            name="company_domain_primary",
        ),
        path(
            f"{_ONE}/domains/<int:domain_id>/check/",
            domains.check_domain,
            name="company_domain_check",
        ),
        path(
            f"{_ONE}/domains/<int:domain_id>/remove/",
            domains.remove_domain,
            name="company_domain_remove",
        ),
        path(f"{_ONE}/timeline/", timeline.timeline, name="company_timeline"),
        path(f"{_ONE}/enter/", entering.start, name="company_enter"),
        path(f"{_ONE}/enter/finish/", entering.issue, name="company_enter_finish"),
    )


def run_urls() -> tuple[URLPattern, ...]:
    return (
        path(
            "tenants/provisioningrun/<int:run_id>/retry/",
            runs.run_again,
            name="provisioning_retry",
        ),
    )
