/** How AWS counts: what turns a price into a month's cost. */
export const BILLING = Object.freeze({
    /** Hours of a month in AWS's own estimates: 8,760 / 12. */
    hoursPerMonth: 730,
    /** What a gp3 volume has without extra charge. https://aws.amazon.com/ebs/pricing/ */
    gp3IncludedIops: 3000,
    gp3IncludedMibps: 125,
    /** Metrics that detailed monitoring of an instance sends (Infracost counts 42 for 6 instances). */
    detailedMetricsPerInstance: 7,
});
