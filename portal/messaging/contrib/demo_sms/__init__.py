# The demo's SMS go to its mail catcher under this domain, which no mail server anywhere takes (RFC 2606).
DOMAIN = "sms.invalid"
