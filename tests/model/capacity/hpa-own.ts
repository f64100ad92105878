import { HpaController } from "../../../model/capacity/hpa";
import type { Trajectory } from "./hpa-replay";
import { type Series, observe } from "./hpa-series";

/** The trajectory of our own controller over a series. */
export function ownTrajectory(series: Series): Trajectory {
    const controller = new HpaController(series.spec, series.controller);
    let replicas = series.initialReplicas;
    return series.steps.map((step, i) => {
        const syncMs = (i + 1) * series.controller.syncPeriodMs;
        replicas = controller.sync(syncMs, observe(step, replicas, syncMs));
        return [syncMs, replicas];
    });
}
