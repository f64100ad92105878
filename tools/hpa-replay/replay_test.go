// Package hpareplay plays recorded metric series through the real HorizontalPodAutoscaler controller of
// Kubernetes in virtual time and writes the replica trajectories. It is a test because virtual time
// (testing/synctest) exists only inside one: HPA_REPLAY_IN and HPA_REPLAY_OUT name JSON-lines files.
package hpareplay

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// series is one line of the input: an autoscaler, the flags of its controller and what each sync sees.
type series struct {
	ID              string     `json:"id"`
	Spec            spec       `json:"spec"`
	Controller      controller `json:"controller"`
	InitialReplicas int32      `json:"initialReplicas"`
	Steps           []step     `json:"steps"`
}

type controller struct {
	SyncPeriodMs              int64   `json:"syncPeriodMs"`
	ToleranceRatio            float64 `json:"toleranceRatio"`
	DownscaleStabilizationMs  int64   `json:"downscaleStabilizationMs"`
	CPUInitializationPeriodMs int64   `json:"cpuInitializationPeriodMs"`
	InitialReadinessDelayMs   int64   `json:"initialReadinessDelayMs"`
}

// sync is one line of a trajectory: milliseconds since the series began and the replicas asked for afterwards.
type sync [2]int64

type result struct {
	ID         string `json:"id"`
	Trajectory []sync `json:"trajectory"`
}

func TestReplay(t *testing.T) {
	in, out := os.Getenv("HPA_REPLAY_IN"), os.Getenv("HPA_REPLAY_OUT")
	if in == "" || out == "" {
		t.Skip("HPA_REPLAY_IN and HPA_REPLAY_OUT name the series and the trajectories")
	}
	// The default handlers sleep under a process-wide lock, which virtual time cannot cross.
	utilruntime.ErrorHandlers = nil
	quiet(t)

	input, err := os.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	output, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	writer := json.NewEncoder(output)
	decoder := json.NewDecoder(bufio.NewReader(input))
	for decoder.More() {
		var one series
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		var trajectory []sync
		synctest.Test(t, func(t *testing.T) { trajectory = replay(t.Context(), &one) })
		if err := writer.Encode(result{ID: one.ID, Trajectory: trajectory}); err != nil {
			t.Fatal(err)
		}
	}
}

// quiet keeps the controller's log, errors included, off the terminal.
func quiet(t *testing.T) {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{"logtostderr": "false", "stderrthreshold": "FATAL"} {
		if err := flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	klog.SetOutput(io.Discard)
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// replay runs the controller until every step of the series has been seen.
func replay(parent context.Context, one *series) []sync {
	ctx, cancel := context.WithCancel(parent)
	w := newWorld(one)
	hpas := newHPAInformer(one)
	c := podautoscaler.NewHorizontalController(
		ctx,
		events{},
		w,
		statusSink{},
		mapper(),
		metrics.NewRESTMetricsClient(w, customMetrics{w}, externalMetrics{w}),
		hpas,
		w.podInformer(),
		milliseconds(one.Controller.SyncPeriodMs),
		milliseconds(one.Controller.DownscaleStabilizationMs),
		one.Controller.ToleranceRatio,
		milliseconds(one.Controller.CPUInitializationPeriodMs),
		milliseconds(one.Controller.InitialReadinessDelayMs),
	)
	go hpas.Informer().RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), hpas.Informer().HasSynced) {
		panic(fmt.Sprintf("series %s: the informer did not sync", one.ID))
	}
	go c.Run(ctx, 1)
	<-w.done
	cancel()
	synctest.Wait()
	return w.trajectory
}
