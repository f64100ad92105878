/** Where things are on an instance. */

/** Directory of the scripts. */
export const SCRIPT_DIR = "/usr/local/libexec/logcaster";
/** Where the service finds runtime.json and secrets/. */
export const CONFIG_DIR = "/etc/logcaster";
/** Where the service may write. */
export const DATA_DIR = "/var/lib/logcaster";
/** Where the agents find their own configuration. */
export const AGENT_DIR = "/etc/logcaster-fleet";
/** Port on which the local health agent of an instance or pod answers /health; what target groups check. */
export const HEALTH_PORT = 8404;
/** The user that the service runs as, inside and outside its container. */
export const SERVICE_USER = { name: "logcaster", uid: 10_001 } as const;
