package deploy

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	serializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const (
	root       = "kubernetes"
	exampleOne = root + "/secret.example.yaml"
)

// kustomizations are the folders that can be applied, those of components left
// out: they are rendered where they are used.
func kustomizations(t *testing.T) []string {
	t.Helper()
	var folders []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "kustomization.yaml" && filepath.Base(filepath.Dir(filepath.Dir(path))) != "components" {
			folders = append(folders, filepath.Dir(path))
		}
		return err
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(folders), 4)
	return folders
}

// render is what kubectl apply -k would send, decoded as strictly as the API
// server does when it is asked to: an unknown or repeated field is an error.
func render(t *testing.T, folder string) []runtime.Object {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	require.NoError(t, err, folder)
	var objects []runtime.Object
	for _, resource := range resources.Resources() {
		document, err := resource.AsYAML()
		require.NoError(t, err)
		objects = append(objects, decode(t, folder, document))
	}
	require.NotEmpty(t, objects)
	return objects
}

// decode reads one object, of a kind that these manifests use.
func decode(t *testing.T, from string, document []byte) runtime.Object {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme} {
		require.NoError(t, add(scheme))
	}
	strict := serializer.NewSerializerWithOptions(serializer.DefaultMetaFactory, scheme, scheme, serializer.SerializerOptions{Yaml: true, Strict: true})
	object, _, err := strict.Decode(document, nil, nil)
	require.NoError(t, err, "%s:\n%s", from, document)
	return object
}

// workload is a pod template and where it comes from.
type workload struct {
	folder, kind string
	pod          corev1.PodTemplateSpec
}

// workloads are the pods of all kustomizations.
func workloads(t *testing.T) []workload {
	t.Helper()
	var all []workload
	for _, folder := range kustomizations(t) {
		for _, object := range render(t, folder) {
			switch o := object.(type) {
			case *appsv1.Deployment:
				all = append(all, workload{folder, o.Kind, o.Spec.Template})
			case *batchv1.CronJob:
				all = append(all, workload{folder, o.Kind, o.Spec.JobTemplate.Spec.Template})
			case *batchv1.Job:
				all = append(all, workload{folder, o.Kind, o.Spec.Template})
			}
		}
	}
	require.GreaterOrEqual(t, len(all), 4)
	return all
}

// compares reports whether a pod compares snapshots, for which it needs no tenant.
func (w *workload) compares() bool { return w.pod.Spec.Containers[0].Args[0] == "diff" }

// measured reports whether a pod's metrics are open to the cluster.
func (w *workload) measured() bool { return filepath.Base(w.folder) == "metrics" }

// secrets are the Secrets that a pod's only container takes its settings from.
func (w *workload) secrets() []string {
	var names []string
	for _, source := range w.pod.Spec.Containers[0].EnvFrom {
		names = append(names, source.SecretRef.Name)
	}
	return names
}

// exampleSecrets are the Secrets of the example, by name.
func exampleSecrets(t *testing.T) map[string]*corev1.Secret {
	t.Helper()
	content, err := os.ReadFile(exampleOne)
	require.NoError(t, err)
	secrets := map[string]*corev1.Secret{}
	for _, document := range documents(string(content)) {
		secret, is := decode(t, exampleOne, []byte(document)).(*corev1.Secret)
		require.True(t, is)
		secrets[secret.Name] = secret
	}
	return secrets
}
