package deploy

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func documents(content string) []string { return strings.Split(content, "\n---\n") }

func TestAMisspeltFieldWouldBeIgnored(t *testing.T) {
	for _, folder := range kustomizations(t) {
		render(t, folder)
	}
	exampleSecrets(t)
}

func TestPodsWouldBeAllowedMoreThanTheyNeed(t *testing.T) {
	for _, w := range workloads(t) {
		spec := w.pod.Spec
		require.Len(t, spec.Containers, 1)
		container := spec.Containers[0]
		require.True(t, *spec.SecurityContext.RunAsNonRoot, w.folder)
		require.NotZero(t, *spec.SecurityContext.RunAsUser, w.folder)
		require.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, spec.SecurityContext.SeccompProfile.Type)
		require.False(t, *spec.AutomountServiceAccountToken, "%s: the connector never asks the cluster", w.folder)
		require.Equal(t, "baton-azure-ad", spec.ServiceAccountName)
		require.False(t, *container.SecurityContext.AllowPrivilegeEscalation, w.folder)
		require.True(t, *container.SecurityContext.ReadOnlyRootFilesystem, w.folder)
		require.Equal(t, []corev1.Capability{"ALL"}, container.SecurityContext.Capabilities.Drop)
		require.Empty(t, container.SecurityContext.Capabilities.Add)
		require.NotZero(t, container.Resources.Limits.Memory().Value(), "%s: one tenant could take a node's memory", w.folder)
		if !w.measured() {
			require.Empty(t, container.Ports)
		}
	}
}

func TestTheConnectorWouldHaveNowhereToWrite(t *testing.T) {
	for _, w := range workloads(t) {
		require.NotNil(t, volumeAt(t, w, cmp.Or(variable(w, "BATON_TMPDIR"), "/tmp")).EmptyDir, w.folder)
		for _, arg := range w.pod.Spec.Containers[0].Args {
			if file, is := strings.CutPrefix(arg, "--file="); is {
				require.NotNil(t, volumeAt(t, w, filepath.Dir(file)).PersistentVolumeClaim, "%s: the snapshot would go with the pod", w.folder)
				require.NotNil(t, w.pod.Spec.SecurityContext.FSGroup, "%s: the volume would be root's", w.folder)
			}
		}
	}
}

// volumeAt is the volume that is mounted, to be written, at a path.
func volumeAt(t *testing.T, w workload, path string) corev1.VolumeSource {
	t.Helper()
	require.NotEmpty(t, path)
	for _, mount := range w.pod.Spec.Containers[0].VolumeMounts {
		if mount.MountPath == path && !mount.ReadOnly {
			at := slices.IndexFunc(w.pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name })
			require.NotEqual(t, -1, at, "%s: no volume is named %s", w.folder, mount.Name)
			return w.pod.Spec.Volumes[at].VolumeSource
		}
	}
	require.Fail(t, "nothing is mounted", "%s: at %s", w.folder, path)
	return corev1.VolumeSource{}
}

// variable is the value of a variable of a pod's container.
func variable(w workload, name string) string {
	for _, v := range w.pod.Spec.Containers[0].Env {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

func TestANightlySnapshotWouldBecomeAService(t *testing.T) {
	for _, w := range workloads(t) {
		isService := slices.Contains(w.secrets(), "baton-azure-ad-platform")
		require.Equal(t, w.kind == "Deployment", isService, "%s: the platform's client id decides what the connector is", w.folder)
	}
}

func TestTheExampleWouldNotSayWhichSecretsAreNeeded(t *testing.T) {
	secrets := exampleSecrets(t)
	for _, w := range workloads(t) {
		for _, name := range w.secrets() {
			require.Contains(t, secrets, name, w.folder)
		}
	}
	require.Contains(t, secrets["baton-azure-ad-platform"].StringData, "BATON_CLIENT_ID")
	require.NotContains(t, secrets["baton-azure-ad-tenant"].StringData, "BATON_CLIENT_ID", "it would make a service of the nightly snapshot")
}

func TestApplyingAKustomizationWouldReplaceRealSecrets(t *testing.T) {
	for _, folder := range kustomizations(t) {
		for _, object := range render(t, folder) {
			require.IsNotType(t, &corev1.Secret{}, object, folder)
		}
	}
}

func TestWorkloadIdentityWouldStillNeedASecret(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range workloads(t) {
		if variable(w, "BATON_AUTH_METHOD") != "workload-identity" {
			require.Equal(t, !w.compares(), slices.Contains(w.secrets(), "baton-azure-ad-tenant"), w.folder)
			continue
		}
		seen[w.kind] = true
		require.NotContains(t, w.secrets(), "baton-azure-ad-tenant", w.folder)
		require.Equal(t, "true", w.pod.Labels["azure.workload.identity/use"], "%s: the webhook passes over pods without it", w.folder)
	}
	require.Equal(t, map[string]bool{"Deployment": true, "CronJob": true}, seen, "a patch that no example uses is not tested")
}

func TestAPodWouldEscapeItsSelectors(t *testing.T) {
	pods := map[string][]labels.Set{}
	for _, w := range workloads(t) {
		pods[w.folder] = append(pods[w.folder], w.pod.Labels)
	}
	tenant := filepath.Join(root, "examples", "tenants", "contoso")
	compare := filepath.Join(root, "examples", "compare")
	pods[tenant] = append(pods[tenant], pods[compare]...) // They share a namespace.
	delete(pods, compare)
	for folder, inside := range pods {
		var policies, selectors []*metav1.LabelSelector
		for _, object := range render(t, folder) {
			switch o := object.(type) {
			case *networkingv1.NetworkPolicy:
				if filepath.Base(folder) != "metrics" {
					require.Empty(t, o.Spec.Ingress)
				}
				require.Contains(t, o.Spec.PolicyTypes, networkingv1.PolicyTypeIngress)
				policies = append(policies, &o.Spec.PodSelector)
			case *appsv1.Deployment:
				selectors = append(selectors, o.Spec.Selector)
			}
		}
		require.Len(t, policies, 1, folder)
		for _, pod := range inside {
			for _, s := range slices.Concat(policies, selectors) {
				selector, err := metav1.LabelSelectorAsSelector(s)
				require.NoError(t, err)
				require.True(t, selector.Matches(pod), "%s: %s does not select %s", folder, selector, pod)
			}
		}
	}
}

// No manifest can name a version that exists in every clone of it, and one that
// follows the newest would change by itself: each says VERSION, which cannot be pulled,
// and the page says how to set it.
func TestAManifestWouldNameAVersionThatNobodyChose(t *testing.T) {
	const image = "ghcr.io/conductorone/baton-azure-ad"
	for _, w := range workloads(t) {
		require.Equal(t, image+":VERSION", w.pod.Spec.Containers[0].Image, w.folder)
	}
	page, err := os.ReadFile("../docs/many-tenants.md")
	require.NoError(t, err)
	how := regexp.MustCompile("(?s)```yaml\n(images:.*?)```").FindSubmatch(page)
	require.NotNil(t, how, "docs/many-tenants.md does not say how to set a version")
	folder := t.TempDir()
	service, err := filepath.Abs(filepath.Join(root, "service"))
	require.NoError(t, err)
	from, err := filepath.Rel(folder, service)
	require.NoError(t, err)
	const ownersOnly = 0o600
	require.NoError(t, os.WriteFile(filepath.Join(folder, "kustomization.yaml"), append([]byte("resources: ["+from+"]\n"), how[1]...), ownersOnly))
	for _, object := range render(t, folder) {
		if deployment, is := object.(*appsv1.Deployment); is {
			require.Regexp(t, `:[0-9]+\.[0-9]+\.[0-9]+$`, deployment.Spec.Template.Spec.Containers[0].Image, "what the page says sets nothing")
			return
		}
	}
	require.Fail(t, "no Deployment was rendered")
}
