/** Who may take a role: the service accounts that a PodIdentityAssociation names, and nobody else. */
export const POD_IDENTITY_TRUST = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
        },
    ],
});
