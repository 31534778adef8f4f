"""The content security policy of pages and of `/admin/`."""

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
}


class PathCSPMiddleware(CSPMiddleware):
    """Sets the strict policy outside `/admin/`: Wagtail's editor needs inline script and style."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        if _in_admin(request) and not report_only:
            return PolicyParts(config=ADMIN_POLICY)
        return super().get_policy_parts(request, response, report_only)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # A preview is a front page, with its strict policy, shown in a frame of the admin.
        if _in_admin(request) and response.has_header(HEADER):
            del response.headers[HEADER]
        return super().process_response(request, response)


def _in_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")
