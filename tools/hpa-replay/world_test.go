package hpareplay

import (
	"context"
	"errors"
	"fmt"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/scale"
	"k8s.io/client-go/tools/cache"
	customapi "k8s.io/metrics/pkg/apis/custom_metrics/v1beta2"
	externalapi "k8s.io/metrics/pkg/apis/external_metrics/v1beta1"
	metricsapi "k8s.io/metrics/pkg/apis/metrics/v1beta1"
	resourceclient "k8s.io/metrics/pkg/client/clientset/versioned/typed/metrics/v1beta1"
	customclient "k8s.io/metrics/pkg/client/custom_metrics"
	externalclient "k8s.io/metrics/pkg/client/external_metrics"
)

const (
	namespace = "production"
	workload  = "logcaster"
	selector  = "app=logcaster"
	container = "logcaster"
)

// step is what one sync sees. Patterns repeat: pod i takes element i modulo the pattern's length.
type step struct {
	// Pods that exist beyond (terminating) or short of (not created yet) the replicas asked for.
	PodsDelta           int32        `json:"podsDelta"`
	StatusReplicasDelta int32        `json:"statusReplicasDelta"`
	Pods                []podPattern `json:"pods"`
	Metrics             []answer     `json:"metrics"`
}

type podPattern struct {
	Phase string `json:"phase"`
	// "True", "False" or "" for a pod without the condition.
	Ready          string `json:"ready"`
	StartedMs      *int64 `json:"startedMs"`
	ReadyChangedMs int64  `json:"readyChangedMs"`
	Deleting       bool   `json:"deleting"`
	// Requests by resource, thousandths.
	RequestMilli map[string]int64 `json:"requestMilli"`
}

// answer is what the metric API says for one metric of the spec.
type answer struct {
	Error     bool     `json:"error"`
	LatencyMs int64    `json:"latencyMs"`
	AgeMs     int64    `json:"ageMs"`
	WindowMs  int64    `json:"windowMs"`
	PodsMilli []*int64 `json:"podsMilli"`
	// Amount shared evenly by the pods there are, instead of PodsMilli.
	TotalMilli *int64 `json:"totalMilli"`
	// Values of pods that no longer exist.
	StrayMilli []int64 `json:"strayMilli"`
	// The values of an external metric, or the one of an object.
	ValuesMilli []int64 `json:"valuesMilli"`
}

// world is the cluster: pods, the scale of the workload and the metric APIs.
type world struct {
	series     *series
	start      time.Time
	replicas   int32
	next       int
	current    *step
	asked      int
	pods       cache.Indexer
	trajectory []sync
	done       chan struct{}
}

func newWorld(one *series) *world {
	return &world{
		series:   one,
		start:    time.Now(),
		replicas: one.InitialReplicas,
		pods: cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{
			cache.NamespaceIndex: cache.MetaNamespaceIndexFunc,
		}),
		done: make(chan struct{}),
	}
}

// Scales, Get and Update are the scale subresource. A sync begins with Get, so Get moves on to the next step.
func (w *world) Scales(string) scale.ScaleInterface { return scales{w: w} }

type scales struct {
	scale.ScaleInterface
	w *world
}

func (s scales) Get(context.Context, schema.GroupResource, string, metav1.GetOptions) (*autoscalingv1.Scale, error) {
	w := s.w
	if w.next == len(w.series.Steps) {
		if w.current != nil {
			w.current = nil
			close(w.done)
		}
		return nil, errors.New("the series is over")
	}
	w.current = &w.series.Steps[w.next]
	w.next++
	w.asked = 0
	w.placePods()
	w.trajectory = append(w.trajectory, sync{time.Since(w.start).Milliseconds(), int64(w.replicas)})
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: workload},
		Spec:       autoscalingv1.ScaleSpec{Replicas: w.replicas},
		Status: autoscalingv1.ScaleStatus{
			Replicas: max(0, w.replicas+w.current.StatusReplicasDelta),
			Selector: selector,
		},
	}, nil
}

func (s scales) Update(_ context.Context, _ schema.GroupResource, to *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	s.w.replicas = to.Spec.Replicas
	s.w.trajectory[len(s.w.trajectory)-1][1] = int64(to.Spec.Replicas)
	return to, nil
}

func (w *world) at(ms int64) metav1.Time { return metav1.NewTime(w.start.Add(milliseconds(ms))) }

func (w *world) podCount() int { return int(max(0, w.replicas+w.current.PodsDelta)) }

func podName(i int) string { return fmt.Sprintf("%s-%d", workload, i) }

func (w *world) placePods() {
	items := make([]interface{}, 0, w.podCount())
	for i := range w.podCount() {
		pattern := w.current.Pods[i%len(w.current.Pods)]
		pod := &v1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: namespace,
				Name:      podName(i),
				Labels:    map[string]string{"app": workload},
			},
			Status: v1.PodStatus{Phase: v1.PodPhase(pattern.Phase)},
		}
		requests := v1.ResourceList{}
		for name, value := range pattern.RequestMilli {
			requests[v1.ResourceName(name)] = *resource.NewMilliQuantity(value, resource.DecimalSI)
		}
		pod.Spec.Containers = []v1.Container{
			{Name: container, Resources: v1.ResourceRequirements{Requests: requests}},
		}
		if pattern.StartedMs != nil {
			started := w.at(*pattern.StartedMs)
			pod.Status.StartTime = &started
		}
		if pattern.Ready != "" {
			pod.Status.Conditions = []v1.PodCondition{{
				Type:               v1.PodReady,
				Status:             v1.ConditionStatus(pattern.Ready),
				LastTransitionTime: w.at(pattern.ReadyChangedMs),
			}}
		}
		if pattern.Deleting {
			now := metav1.Now()
			pod.DeletionTimestamp = &now
		}
		items = append(items, pod)
	}
	if err := w.pods.Replace(items, ""); err != nil {
		panic(err)
	}
}

// answer is the reply to the next metric request: the controller asks once a metric, in the order of the spec.
func (w *world) answer() (answer, error) {
	reply := w.current.Metrics[w.asked]
	w.asked++
	time.Sleep(milliseconds(reply.LatencyMs))
	if reply.Error {
		return answer{}, errors.New("the metric API failed")
	}
	return reply, nil
}

// samples calls add for each pod that the answer has a value for.
func (w *world) samples(reply answer, add func(pod string, milli int64)) {
	for i := range w.podCount() {
		if reply.TotalMilli != nil {
			add(podName(i), *reply.TotalMilli/int64(w.podCount()))
		} else if value := reply.PodsMilli[i%len(reply.PodsMilli)]; value != nil {
			add(podName(i), *value)
		}
	}
	for i, value := range reply.StrayMilli {
		add(fmt.Sprintf("gone-%d", i), value)
	}
}

func taken(reply answer) metav1.Time {
	return metav1.NewTime(time.Now().Add(-milliseconds(reply.AgeMs)))
}

// PodMetricses and List are the resource metric API.
func (w *world) PodMetricses(string) resourceclient.PodMetricsInterface { return podMetrics{w: w} }

type podMetrics struct {
	resourceclient.PodMetricsInterface
	w *world
}

func (p podMetrics) List(context.Context, metav1.ListOptions) (*metricsapi.PodMetricsList, error) {
	name := p.w.series.Spec.Metrics[p.w.asked].Resource
	reply, err := p.w.answer()
	if err != nil {
		return nil, err
	}
	list := &metricsapi.PodMetricsList{}
	p.w.samples(reply, func(pod string, milli int64) {
		usage := v1.ResourceList{v1.ResourceName(name): *resource.NewMilliQuantity(milli, resource.DecimalSI)}
		list.Items = append(list.Items, metricsapi.PodMetrics{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: pod},
			Timestamp:  taken(reply),
			Window:     metav1.Duration{Duration: milliseconds(reply.WindowMs)},
			Containers: []metricsapi.ContainerMetrics{{Name: container, Usage: usage}},
		})
	})
	return list, nil
}

type customMetrics struct{ w *world }

func (c customMetrics) RootScopedMetrics() customclient.MetricsInterface       { return c }
func (c customMetrics) NamespacedMetrics(string) customclient.MetricsInterface { return c }

func (c customMetrics) GetForObject(schema.GroupKind, string, string, labels.Selector) (*customapi.MetricValue, error) {
	reply, err := c.w.answer()
	if err != nil {
		return nil, err
	}
	return &customapi.MetricValue{Timestamp: taken(reply), Value: *resource.NewMilliQuantity(reply.ValuesMilli[0], resource.DecimalSI)}, nil
}

func (c customMetrics) GetForObjects(schema.GroupKind, labels.Selector, string, labels.Selector) (*customapi.MetricValueList, error) {
	reply, err := c.w.answer()
	if err != nil {
		return nil, err
	}
	list := &customapi.MetricValueList{}
	c.w.samples(reply, func(pod string, milli int64) {
		list.Items = append(list.Items, customapi.MetricValue{
			DescribedObject: v1.ObjectReference{Kind: "Pod", Namespace: namespace, Name: pod},
			Timestamp:       taken(reply),
			Value:           *resource.NewMilliQuantity(milli, resource.DecimalSI),
		})
	})
	return list, nil
}

type externalMetrics struct{ w *world }

func (e externalMetrics) NamespacedMetrics(string) externalclient.MetricsInterface { return e }

func (e externalMetrics) List(string, labels.Selector) (*externalapi.ExternalMetricValueList, error) {
	reply, err := e.w.answer()
	if err != nil {
		return nil, err
	}
	list := &externalapi.ExternalMetricValueList{}
	for _, milli := range reply.ValuesMilli {
		list.Items = append(list.Items, externalapi.ExternalMetricValue{
			Timestamp: taken(reply),
			Value:     *resource.NewMilliQuantity(milli, resource.DecimalSI),
		})
	}
	return list, nil
}
