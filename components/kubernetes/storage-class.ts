import * as storage from "@pulumi/kubernetes/storage/v1";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The class of a cluster's volumes where none is named: gp3, encrypted, made in the zone of the pod that first wants it and kept
 * when its claim goes. A cluster of EKS has none of its own.
 */
export function createStorageClass(
    name: string,
    options: pulumi.CustomResourceOptions,
): storage.StorageClass {
    return new storage.StorageClass(
        name,
        {
            metadata: {
                name: "encrypted-gp3",
                annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "ebs.csi.aws.com",
            parameters: { type: "gp3", encrypted: "true" },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: "Retain",
        },
        options,
    );
}
