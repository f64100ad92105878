/** The statement that refuses an action on what is reached without TLS. */
export function tlsOnly(action: string, resource: string | readonly string[]) {
    return {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
}
