from django import template

from cabinet.layout.menus import CabinetLayout, layout_of

register = template.Library()


@register.simple_tag(takes_context=True)
def cabinet_layout(context: template.RequestContext) -> CabinetLayout:
    """Return the layout of the page that is rendered, by what its view put into the context.

    `access`: the account whose page it is; `unconfirmed_link`: a link that waits for a proof. The sum due is
    read now: a view that shows other figures of billing renders inside its `billing_snapshot()`.
    """
    return layout_of(context["request"], context.get("access"), context.get("unconfirmed_link"))
