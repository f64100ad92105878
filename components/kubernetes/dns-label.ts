/** A name of an object that is also a host's, by RFC 1035. */
export const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
export const DNS_LABEL_SAYS =
    "a DNS label: small letters, digits and hyphens, 63 at most, a letter first";
