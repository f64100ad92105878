package hpareplay

import (
	"context"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	autoscalinginformers "k8s.io/client-go/informers/autoscaling/v2"
	coreinformers "k8s.io/client-go/informers/core/v1"
	autoscalingclient "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	autoscalinglisters "k8s.io/client-go/listers/autoscaling/v2"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	defaults "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
)

type spec struct {
	MinReplicas int32     `json:"minReplicas"`
	MaxReplicas int32     `json:"maxReplicas"`
	Metrics     []metric  `json:"metrics"`
	Behavior    *behavior `json:"behavior"`
}

type metric struct {
	Kind     string `json:"kind"`
	Resource string `json:"resource"`
	Target   target `json:"target"`
}

type target struct {
	Kind    string `json:"kind"`
	Percent int32  `json:"percent"`
	Milli   int64  `json:"milli"`
}

type behavior struct {
	ScaleUp   *rules `json:"scaleUp"`
	ScaleDown *rules `json:"scaleDown"`
}

type rules struct {
	StabilizationWindowSeconds *int32   `json:"stabilizationWindowSeconds"`
	SelectPolicy               *string  `json:"selectPolicy"`
	Policies                   []policy `json:"policies"`
	ToleranceRatio             *string  `json:"toleranceRatio"`
}

type policy struct {
	Type          string `json:"type"`
	Value         int32  `json:"value"`
	PeriodSeconds int32  `json:"periodSeconds"`
}

// hpa is the object as the API server stores it: the real defaulting has been applied.
func (one *series) hpa() *autoscalingv2.HorizontalPodAutoscaler {
	object := &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: workload, ResourceVersion: "1"},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{
				APIVersion: "apps/v1", Kind: "Deployment", Name: workload,
			},
			MinReplicas: &one.Spec.MinReplicas,
			MaxReplicas: one.Spec.MaxReplicas,
		},
	}
	for i, m := range one.Spec.Metrics {
		object.Spec.Metrics = append(object.Spec.Metrics, m.kubernetes("m"+strconv.Itoa(i)))
	}
	if b := one.Spec.Behavior; b != nil {
		object.Spec.Behavior = &autoscalingv2.HorizontalPodAutoscalerBehavior{
			ScaleUp: b.ScaleUp.kubernetes(), ScaleDown: b.ScaleDown.kubernetes(),
		}
	}
	defaults.SetDefaults_HorizontalPodAutoscaler(object)
	return object
}

func (m metric) kubernetes(name string) autoscalingv2.MetricSpec {
	identifier := autoscalingv2.MetricIdentifier{Name: name}
	to := autoscalingv2.MetricTarget{}
	quantity := resource.NewMilliQuantity(m.Target.Milli, resource.DecimalSI)
	switch m.Target.Kind {
	case "utilization":
		to.Type, to.AverageUtilization = autoscalingv2.UtilizationMetricType, &m.Target.Percent
	case "averageValue":
		to.Type, to.AverageValue = autoscalingv2.AverageValueMetricType, quantity
	case "value":
		to.Type, to.Value = autoscalingv2.ValueMetricType, quantity
	default:
		panic("unknown target " + m.Target.Kind)
	}
	switch m.Kind {
	case "resource":
		return autoscalingv2.MetricSpec{
			Type:     autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{Name: v1.ResourceName(m.Resource), Target: to},
		}
	case "containerResource":
		return autoscalingv2.MetricSpec{
			Type: autoscalingv2.ContainerResourceMetricSourceType,
			ContainerResource: &autoscalingv2.ContainerResourceMetricSource{
				Name: v1.ResourceName(m.Resource), Container: container, Target: to,
			},
		}
	case "pods":
		return autoscalingv2.MetricSpec{
			Type: autoscalingv2.PodsMetricSourceType,
			Pods: &autoscalingv2.PodsMetricSource{Metric: identifier, Target: to},
		}
	case "object":
		return autoscalingv2.MetricSpec{
			Type: autoscalingv2.ObjectMetricSourceType,
			Object: &autoscalingv2.ObjectMetricSource{
				DescribedObject: autoscalingv2.CrossVersionObjectReference{
					APIVersion: "v1", Kind: "Service", Name: workload,
				},
				Metric: identifier, Target: to,
			},
		}
	case "external":
		return autoscalingv2.MetricSpec{
			Type:     autoscalingv2.ExternalMetricSourceType,
			External: &autoscalingv2.ExternalMetricSource{Metric: identifier, Target: to},
		}
	}
	panic("unknown metric " + m.Kind)
}

func (r *rules) kubernetes() *autoscalingv2.HPAScalingRules {
	if r == nil {
		return nil
	}
	to := &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: r.StabilizationWindowSeconds}
	if r.SelectPolicy != nil {
		selected := autoscalingv2.ScalingPolicySelect(*r.SelectPolicy)
		to.SelectPolicy = &selected
	}
	for _, p := range r.Policies {
		to.Policies = append(to.Policies, autoscalingv2.HPAScalingPolicy{
			Type: autoscalingv2.HPAScalingPolicyType(p.Type), Value: p.Value, PeriodSeconds: p.PeriodSeconds,
		})
	}
	if r.ToleranceRatio != nil {
		quantity := resource.MustParse(*r.ToleranceRatio)
		to.Tolerance = &quantity
	}
	return to
}

func mapper() apimeta.RESTMapper {
	m := apimeta.NewDefaultRESTMapper([]schema.GroupVersion{appsv1.SchemeGroupVersion})
	m.Add(appsv1.SchemeGroupVersion.WithKind("Deployment"), apimeta.RESTScopeNamespace)
	return m
}

// listOnly lists: a streaming list would wait for a bookmark that only a real server sends.
type listOnly struct{ *cache.ListWatch }

func (listOnly) IsWatchListSemanticsUnSupported() bool { return true }

type hpaInformer struct{ cache.SharedIndexInformer }

func newHPAInformer(one *series) autoscalinginformers.HorizontalPodAutoscalerInformer {
	object := one.hpa()
	source := listOnly{&cache.ListWatch{
		ListFunc: func(metav1.ListOptions) (runtime.Object, error) {
			return &autoscalingv2.HorizontalPodAutoscalerList{
				ListMeta: metav1.ListMeta{ResourceVersion: "1"},
				Items:    []autoscalingv2.HorizontalPodAutoscaler{*object},
			}, nil
		},
		WatchFunc: func(metav1.ListOptions) (watch.Interface, error) { return watch.NewFake(), nil },
	}}
	// Resyncs twelve-hourly by itself, like the shared factory of the controller manager.
	return hpaInformer{cache.NewSharedIndexInformer(
		source, &autoscalingv2.HorizontalPodAutoscaler{}, 12*60*60*1e9, cache.Indexers{
			cache.NamespaceIndex: cache.MetaNamespaceIndexFunc,
		},
	)}
}

func (i hpaInformer) Informer() cache.SharedIndexInformer { return i.SharedIndexInformer }
func (i hpaInformer) Lister() autoscalinglisters.HorizontalPodAutoscalerLister {
	return autoscalinglisters.NewHorizontalPodAutoscalerLister(i.GetIndexer())
}

type pods struct {
	cache.SharedIndexInformer
	indexer cache.Indexer
}

func (w *world) podInformer() coreinformers.PodInformer { return pods{indexer: w.pods} }
func (p pods) HasSynced() bool                          { return true }
func (p pods) Informer() cache.SharedIndexInformer      { return p }
func (p pods) Lister() corelisters.PodLister            { return corelisters.NewPodLister(p.indexer) }

// statusSink takes the controller's status updates and drops them: decisions do not read them.
type statusSink struct {
	autoscalingclient.HorizontalPodAutoscalerInterface
}

func (s statusSink) HorizontalPodAutoscalers(string) autoscalingclient.HorizontalPodAutoscalerInterface {
	return s
}

func (s statusSink) UpdateStatus(_ context.Context, hpa *autoscalingv2.HorizontalPodAutoscaler, _ metav1.UpdateOptions) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	return hpa, nil
}

// events takes the controller's events and drops them.
type events struct{ coreclient.EventInterface }

func (e events) Events(string) coreclient.EventInterface { return e }
func (e events) CreateWithEventNamespace(event *v1.Event) (*v1.Event, error) {
	return event, nil
}
func (e events) PatchWithEventNamespace(event *v1.Event, _ []byte) (*v1.Event, error) {
	return event, nil
}
func (e events) UpdateWithEventNamespace(event *v1.Event) (*v1.Event, error) {
	return event, nil
}
