import { scaleLinear } from "d3-scale";
import { HPA_FLAGS } from "../../model/capacity";
import type { Trajectory } from "../../tests/model/capacity/hpa-replay";

const SIZE = { width: 900, height: 360 };
const FRAME = { left: 60, right: 870, top: 60, bottom: 310 };

/** The brief's autoscaler over time, as the real controller ran it: a step a sync. */
export function trajectorySvg(trajectory: Trajectory, maxReplicas: number): string {
    const endMinutes = (trajectory[trajectory.length - 1]?.[0] ?? 0) / 60_000;
    const x = scaleLinear([0, endMinutes], [FRAME.left, FRAME.right]);
    const y = scaleLinear([0, maxReplicas], [FRAME.bottom, FRAME.top]).nice();
    const steps = trajectory
        .map(([ms, replicas]) => `H${x(ms / 60_000).toFixed(1)}V${y(replicas).toFixed(1)}`)
        .join("");
    const text = (at: number, top: number, label: string, anchor = "middle") =>
        `<text x="${at.toFixed(1)}" y="${top.toFixed(1)}" text-anchor="${anchor}">${label}</text>`;
    const grid = y
        .ticks(5)
        .flatMap((tick) => [
            `<line x1="${FRAME.left}" x2="${FRAME.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#dddddd"/>`,
            text(FRAME.left - 8, y(tick) + 4, String(tick), "end"),
        ]);
    const minutes = x.ticks(10).map((tick) => text(x(tick), FRAME.bottom + 20, String(tick)));
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12" fill="#333333">`,
        `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
        `<text x="${FRAME.left}" y="26" font-size="16" font-weight="bold">The brief's HPA in Kubernetes' own controller: 3 to 50 and back</text>`,
        text(
            FRAME.left,
            46,
            `replicas; one sync every ${HPA_FLAGS.syncPeriodMs / 1000} s; 8,000 connections for 12 minutes, then 150`,
            "start",
        ),
        ...grid,
        ...minutes,
        text((FRAME.left + FRAME.right) / 2, FRAME.bottom + 40, "minutes"),
        `<path d="M${FRAME.left},${y(trajectory[0] ? 3 : 0).toFixed(1)}${steps}" fill="none" stroke="#2c6fbb" stroke-width="2"/>`,
        "</svg>\n",
    ].join("\n");
}
