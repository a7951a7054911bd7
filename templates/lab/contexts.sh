# shellcheck shell=bash disable=SC2154
# Sourced by prerequisites.sh: what it reads and writes in the kubeconfig. Reads region.

# A field of an entry of the kubeconfig; nothing where there is none, or no kubeconfig.
entry() { # PLACEHOLDER LIST NAME FIELD
  ask "$1" kubectl config view -o \
    "go-template={{range .$2}}{{if eq .name \"$3\"}}{{.$4}}{{end}}{{end}}"
}

# Writes the context NAME for the cluster NAME; never over another cluster's context.
context() { # NAME
  local answer arn endpoint known server
  answer=$(ask '<arn> <endpoint>' aws eks describe-cluster --region "$region" --name "$1" \
    --query '[cluster.arn,cluster.endpoint]' --output text)
  read -r arn endpoint <<<"$answer"
  known=$(entry "$arn" contexts "$1" context.cluster)
  if [[ $known && $known != "$arn" ]]; then
    server=$(entry "$endpoint" clusters "$known" cluster.server)
    [[ $server == "$endpoint" ]] ||
      fail 5 "The kubeconfig has a context $1 of another cluster: ${server:-$known}." \
        "Rename it: kubectl config rename-context $1 NEW-NAME"
  fi
  run aws eks update-kubeconfig --region "$region" --name "$1" --alias "$1"
}

# Takes away what update-kubeconfig wrote: cluster and user have the cluster's ARN for a name.
forget_context() { # NAME
  local arn
  arn=$(entry "<ARN of $1>" contexts "$1" context.cluster)
  [[ $arn ]] || return 0
  run kubectl config delete-context "$1"
  run kubectl config delete-cluster "$arn"
  run kubectl config delete-user "$arn"
}
