import { scaleLinear, scaleLog, scaleUtc } from "d3-scale";
import { type Compared, type Course, type Load, frontier } from "logcaster-model/capacity";
import { squeeze } from "./chart";

const WIDTH = 1000;
const TIME = { top: 70, height: 300 };
const EVENTS = { top: TIME.top + TIME.height + 6, height: 14 };
const FRONTIER = { top: 480, height: 330, right: 600 };
const LEGEND = { left: 640, rowHeight: 18.5 };
const LEAST_PERCENT = 0.01;
const LEFT = 70;
const RIGHT = 30;
const HEIGHT = FRONTIER.top + FRONTIER.height + 60;
const POINTS = WIDTH - LEFT - RIGHT;
const COLOUR = {
    load: "#c0392b",
    ready: "#2c6fbb",
    overload: "#f5b7b1",
    grid: "#dddddd",
    text: "#333333",
    simulated: "#8a8a8a",
    frontier: "#27ae60",
};

export interface Picture {
    readonly title: string;
    readonly subtitle: string;
    readonly load: Load;
    readonly capacityPerInstance: number;
    readonly course: Course;
    readonly compared: readonly Compared[];
    /** The policy whose course is drawn. */
    readonly policy: string;
    readonly costUnit: string;
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function label(x: number, y: number, text: string, more = ""): string {
    return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escape(text)}</text>`;
}

const END = 'text-anchor="end"';
const MIDDLE = 'text-anchor="middle"';

/** One picture for a manager: load against serving instances over time, and every policy between cost and overload. */
export function drawSvg(picture: Picture): string {
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${COLOUR.text}">`,
        `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
        label(LEFT, 26, picture.title, 'font-size="18" font-weight="bold"'),
        label(LEFT, 46, picture.subtitle),
        ...timePanel(picture),
        ...frontierPanel(picture),
        "</svg>\n",
    ].join("\n");
}

function timePanel({ load, capacityPerInstance, course, policy }: Picture): string[] {
    const needed = squeeze(load.values, POINTS, Math.max).map((v) => v / capacityPerInstance);
    const ready = squeeze(course.ready, POINTS, Math.min);
    const endMs = load.startMs + load.values.length * load.stepMs;
    const x = scaleUtc([new Date(load.startMs), new Date(endMs)], [LEFT, WIDTH - RIGHT]);
    const column = scaleLinear([0, needed.length], [LEFT, WIDTH - RIGHT]);
    const top = Math.max(...needed, ...ready, 1);
    const y = scaleLinear([0, top], [TIME.top + TIME.height, TIME.top]).nice();
    const steps = (values: readonly number[]) =>
        values.map((v, i) => `${i ? "L" : "M"}${column(i).toFixed(1)},${y(v).toFixed(1)}`).join("");
    const bottom = TIME.top + TIME.height;
    // Of each sample, not of the column: its peak and its lowest capacity may lie hours apart.
    const isOver = load.values.map((v, i) =>
        v > (course.ready[i] ?? 0) * capacityPerInstance ? 1 : 0,
    );
    const overloaded = squeeze(isOver, POINTS, Math.max).flatMap((over, i) =>
        over
            ? [
                  `<rect x="${column(i).toFixed(1)}" y="${TIME.top}" width="1.5" height="${TIME.height}" fill="${COLOUR.overload}"/>`,
              ]
            : [],
    );
    return [
        ...overloaded,
        ...y
            .ticks(6)
            .flatMap((tick) => [
                `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick)}" y2="${y(tick)}" stroke="${COLOUR.grid}"/>`,
                label(LEFT - 6, y(tick) + 4, String(tick), END),
            ]),
        ...x.ticks(8).map((tick) => label(x(tick), bottom + 38, x.tickFormat()(tick), MIDDLE)),
        `<path d="${steps(ready)}" fill="none" stroke="${COLOUR.ready}" stroke-width="1.5"/>`,
        `<path d="${steps(needed)}" fill="none" stroke="${COLOUR.load}"/>`,
        ...eventMarks(course, column, needed.length),
        label(
            WIDTH - RIGHT,
            TIME.top - 8,
            `load, as instances it fills`,
            `${END} fill="${COLOUR.load}"`,
        ),
        label(
            WIDTH - RIGHT - 190,
            TIME.top - 8,
            `serving instances: ${policy}`,
            `${END} fill="${COLOUR.ready}"`,
        ),
        label(LEFT, TIME.top - 8, "instances over time; pink: overloaded"),
        label(LEFT - 6, EVENTS.top + 12, "events", END),
    ];
}

function eventMarks(course: Course, column: (i: number) => number, columns: number): string[] {
    const changes = course.desired.map((v, i) => (i > 0 && v !== course.desired[i - 1] ? 1 : 0));
    const sums = squeeze(changes, columns, (a, b) => a + b);
    const most = Math.max(1, ...sums);
    return sums.flatMap((sum, i) =>
        sum === 0
            ? []
            : [
                  `<line x1="${column(i).toFixed(1)}" x2="${column(i).toFixed(1)}" y1="${EVENTS.top + EVENTS.height}" y2="${(EVENTS.top + EVENTS.height * (1 - sum / most)).toFixed(1)}" stroke="${COLOUR.text}"/>`,
              ],
    );
}

function frontierPanel({ compared, policy, costUnit }: Picture): string[] {
    const sorted = [...compared].sort((a, b) => a.cost - b.cost);
    const bottom = FRONTIER.top + FRONTIER.height;
    const x = scaleLinear(
        [sorted[0]?.cost ?? 0, sorted[sorted.length - 1]?.cost ?? 1],
        [LEFT, FRONTIER.right],
    ).nice();
    // Logarithmic, because the policies worth choosing lie between a hundredth and a few percent.
    const y = scaleLog([LEAST_PERCENT, 100], [bottom, FRONTIER.top]);
    const at = (p: Compared) =>
        [x(p.cost), y(Math.max(LEAST_PERCENT, p.overloadedPercent))] as const;
    const line = frontier(compared)
        .map(
            (p, i) =>
                `${i ? "L" : "M"}${at(p)
                    .map((v) => v.toFixed(1))
                    .join(",")}`,
        )
        .join("");
    const colourOf = (p: Compared) =>
        p.policy === policy
            ? COLOUR.ready
            : p.deployable === "only simulated"
              ? COLOUR.simulated
              : COLOUR.text;
    const dots = sorted.flatMap((p, i) => {
        const [cx, cy] = at(p);
        const fill = `fill="${colourOf(p)}"`;
        const row = FRONTIER.top + 6 + i * LEGEND.rowHeight;
        const weight = p.policy === policy ? 'font-weight="bold"' : "";
        return [
            `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${p.policy === policy ? 6 : 4}" ${fill}/>`,
            label(cx + 6, cy - 5, String(i + 1), `font-size="10" ${fill}`),
            label(LEGEND.left, row, `${i + 1}`, `font-size="11" ${END} ${fill} ${weight}`),
            label(
                LEGEND.left + 6,
                row,
                `${p.policy}: ${p.overloadedPercent.toFixed(2)} %`,
                `font-size="11" ${fill} ${weight}`,
            ),
        ];
    });
    return [
        label(
            LEFT,
            FRONTIER.top - 20,
            `Each policy: time overloaded (%) against cost (${costUnit}); lower left is better`,
            'font-weight="bold"',
        ),
        ...[0.01, 0.1, 1, 10, 100].flatMap((tick) => [
            `<line x1="${LEFT}" x2="${FRONTIER.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${COLOUR.grid}"/>`,
            label(LEFT - 6, y(tick) + 4, tick === LEAST_PERCENT ? `<${tick}` : String(tick), END),
        ]),
        ...x.ticks(6).map((tick) => label(x(tick), bottom + 18, String(tick), MIDDLE)),
        `<path d="${line}" fill="none" stroke="${COLOUR.frontier}" stroke-width="1.5" stroke-dasharray="5 3"/>`,
        ...dots,
        label(
            LEFT,
            bottom + 40,
            "green: the frontier, where no policy is better in both; blue: this one; grey: only simulated",
        ),
    ];
}
