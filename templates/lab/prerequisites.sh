#!/usr/bin/env bash
# What comes after the stack of eks.yaml: contexts in the kubeconfig, the AWS Load Balancer Controller
# in both clusters, the practice application with its NLB in the primary; and the way back. It may be
# run again at any time: what is there already stays as it is. README.md beside it says what was tried.
set -euo pipefail

CHART_VERSION=3.5.0 # from 3.0 on the chart has the number of the controller in it
CHART=aws-load-balancer-controller
CHART_REPOSITORY=https://aws.github.io/eks-charts
NAMESPACE=default
SERVICE=nginx

usage() {
  cat <<TEXT
Usage: ${0##*/} [up|cleanup] [--stack-name NAME] [--shared] [--dry-run] [--help]

  up             (default) contexts, controller, application; waits until its targets are healthy
  cleanup        nlbmc leave, nlbmc disable, the application, then the stack; refuses to delete the
                 stack while a load balancer stands in its VPC
  --stack-name   name of the CloudFormation stack; default: nlbmc-lab
  --shared       up: the Service that may be shared from its first moment (scenario 2)
  --dry-run      print the commands, send nothing

Region and credentials are those of the aws CLI, the kubeconfig is kubectl's.
Exit codes: 0 done, 2 the command line or a tool, 5 refused; else that of the command that failed.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
app=$(cd "$here/../app" && pwd)
command=up stack=nlbmc-lab service_file=service-existing.yaml dry_run=
region='' vpc='' primary='' secondary=''
while (($#)); do
  case $1 in
    up | cleanup) command=$1 ;;
    --stack-name) stack=${2-} && { (($# < 2)) || shift; } ;;
    --shared) service_file=service-primary.yaml ;;
    --dry-run) dry_run=yes ;;
    --help | -h) usage && exit ;;
    *) echo "${0##*/}: what is $1? See --help." >&2 && exit 2 ;;
  esac
  shift
done
[[ $stack ]] || { echo '--stack-name needs a name.' >&2 && exit 2; }

# shellcheck source=run.sh
. "$here/run.sh"
# shellcheck source=contexts.sh
. "$here/contexts.sh"

command -v nlbmc >/dev/null || nlbmc() { node "$here/../../bin/nlbmc.js" "$@"; }

tools() {
  need aws 1.27.0 'aws eks update-kubeconfig'
  need kubectl 1.31.0 'kubectl wait --for=jsonpath without a value'
  if [[ $command == up ]]; then
    need helm 3.8.0 'the chart of the controller'
  else
    need nlbmc 0.1.0 'leave and disable'
  fi
  report_needs
}

# -- the stack and its clusters

stack_known() {
  known 'does not exist' aws cloudformation describe-stacks --stack-name "$stack"
}

outputs() {
  local answer key value
  answer=$(ask $'Region <region>\nVpcId <vpc>\nPrimaryCluster <primary>\nSecondaryCluster <secondary>' \
    aws cloudformation describe-stacks --stack-name "$stack" --output text \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]')
  while read -r key value; do
    case $key in
      Region) region=$value ;;
      VpcId) vpc=$value ;;
      PrimaryCluster) primary=$value ;;
      SecondaryCluster) secondary=$value ;;
    esac
  done <<<"$answer"
  [[ $region && $vpc && $primary && $secondary ]] ||
    fail 5 "The stack $stack lacks an output of eks.yaml: its creation failed, or it is another stack." \
      "In the first case nothing is in it: aws cloudformation delete-stack --stack-name $stack"
}

# -- up

controller() { # CONTEXT
  local chart=("$CHART" --repo "$CHART_REPOSITORY" --version "$CHART_VERSION")
  local crds=(kubectl --context "$1" apply -f -)
  run kubectl --context "$1" wait --for=condition=Ready nodes --all --timeout=10m
  # Helm installs CustomResourceDefinitions once and never upgrades them: an old one drops the field
  # multiClusterTargetGroup in silence.
  say "+ $(typed helm show crds "${chart[@]}") | $(typed "${crds[@]}")"
  [[ $dry_run ]] || helm show crds "${chart[@]}" | "${crds[@]}"
  run kubectl --context "$1" wait --for=condition=Established --timeout=1m \
    crd/targetgroupbindings.elbv2.k8s.aws
  # The name of the ServiceAccount is the one that eks.yaml gives the rights to. Region and VPC are
  # told, since pods do not reach the nodes' metadata.
  run helm upgrade --install "$CHART" "${chart[@]}" --kube-context "$1" --namespace kube-system --skip-crds \
    --set-string "clusterName=$1,region=$region,vpcId=$vpc,serviceAccount.name=$CHART" \
    --wait --timeout 10m
  run kubectl --context "$1" -n kube-system rollout status "deployment/$CHART" --timeout=5m
}

is_there() { # CONTEXT KIND [NAME]; in a dry run everything is
  local found
  [[ $dry_run ]] && return
  found=$(kubectl --context "$1" --namespace "$NAMESPACE" get "${@:2}" --ignore-not-found -o name) ||
    fail 1 "Whether $1 has ${*:2} could not be read."
  [[ $found ]]
}

# Only what is missing is made: applying the file again would undo what was changed since, and a
# Service that others share must not lose its annotations.
make() { # KIND FILE
  local file=$app/$2
  if [[ ! $dry_run ]] && is_there "$primary" "$1" "$SERVICE"; then
    say "$1/$SERVICE is there already, and is left as it is"
    return
  fi
  # The controller's webhook may answer a moment later than its pods are ready; a rehearsal asks it.
  wait_until 120 "The webhook of the controller in $primary" \
    kubectl --context "$primary" --namespace "$NAMESPACE" create --dry-run=server -f "$file"
  run kubectl --context "$primary" --namespace "$NAMESPACE" create -f "$file"
}

application() {
  local group
  make deployment deployment.yaml
  run kubectl --context "$primary" --namespace "$NAMESPACE" rollout status "deployment/$SERVICE" --timeout=5m
  make service "$service_file"
  run kubectl --context "$primary" --namespace "$NAMESPACE" wait "service/$SERVICE" --timeout=10m \
    --for='jsonpath={.status.loadBalancer.ingress[0].hostname}'
  group=$(ask '<target group>' kubectl --context "$primary" --namespace "$NAMESPACE" \
    get targetgroupbindings -o 'jsonpath={.items[*].spec.targetGroupARN}' \
    -l "service.k8s.aws/stack-namespace=$NAMESPACE,service.k8s.aws/stack-name=$SERVICE")
  # Later than the load balancer is active. The Service has one port, so there is one target group.
  run aws elbv2 wait target-in-service --region "$region" --target-group-arn "$group"
}

up() {
  local name
  stack_known || fail 5 "There is no stack $stack. Make it: aws cloudformation deploy --stack-name $stack" \
    "  --template-file $here/eks.yaml --capabilities CAPABILITY_IAM"
  run aws cloudformation wait stack-create-complete --stack-name "$stack"
  outputs
  for name in "$primary" "$secondary"; do
    run aws eks wait cluster-active --region "$region" --name "$name"
    context "$name"
  done
  run kubectl config use-context "$primary"
  for name in "$primary" "$secondary"; do controller "$name"; done
  application
  say "Both clusters have their controller, and $primary serves $SERVICE."
  say "Next: nlbmc enable $SERVICE --context $primary"
}

# -- cleanup

# Whether the primary's Service is there to stay: once it is being deleted it tells no target groups.
primary_stays() {
  local answer
  [[ $dry_run ]] && return
  [[ $clusters == *" $primary "* ]] || return 1
  answer=$(kubectl --context "$primary" --namespace "$NAMESPACE" get service "$SERVICE" \
    --ignore-not-found -o 'jsonpath={.metadata.name} {.metadata.deletionTimestamp}') ||
    fail 1 "Whether $primary has the service $SERVICE could not be read."
  [[ $answer == "$SERVICE " ]]
}

# A binding may be gone and its targets still drain: leave waits for them. The Service in the secondary
# goes by kubectl, since nlbmc deletes only one that `join --create-service` made.
withdraw_secondary() {
  local leave=(nlbmc leave "$SERVICE" --namespace "$NAMESPACE" --context "$secondary" --yes)
  if is_there "$secondary" crd targetgroupbindings.elbv2.k8s.aws; then
    if primary_stays; then
      if is_there "$secondary" targetgroupbindings || is_there "$secondary" service "$SERVICE"; then
        run "${leave[@]}" --primary "$primary"
      fi
    elif is_there "$secondary" targetgroupbindings; then
      run "${leave[@]}"
    fi
  fi
  remove_application "$secondary"
}

withdraw_primary() {
  if is_there "$primary" service "$SERVICE"; then
    run nlbmc disable "$SERVICE" --namespace "$NAMESPACE" --context "$primary" --allow-deletion --yes
  fi
  remove_application "$primary"
}

# A Service is gone when the controller has deleted all that it made for it.
remove_application() { # CONTEXT
  run kubectl --context "$1" --namespace "$NAMESPACE" delete "service/$SERVICE" "deployment/$SERVICE" \
    --ignore-not-found --timeout=10m
}

# Whoever deletes the stack under a load balancer gets half of it: the VPC stays, and the bill too.
refuse_while_standing() {
  local arns arn owner groups standing=()
  arns=$(ask '' aws elbv2 describe-load-balancers --region "$region" \
    --query "LoadBalancers[?VpcId=='$vpc'].LoadBalancerArn" --output text)
  for arn in $arns; do
    owner=$(ask '' aws elbv2 describe-tags --region "$region" --resource-arns "$arn" --output text \
      --query "TagDescriptions[0].Tags[?Key=='elbv2.k8s.aws/cluster' || Key=='service.k8s.aws/stack'].Value")
    standing+=("$arn, by its tags of: ${owner:-nobody known}")
  done
  groups=$(ask '' aws ec2 describe-security-groups --region "$region" --output text \
    --filters "Name=vpc-id,Values=$vpc" Name=tag-key,Values=elbv2.k8s.aws/cluster \
    --query 'SecurityGroups[].[GroupId]')
  for arn in $groups; do standing+=("$arn, a security group of the controller"); done
  ((${#standing[@]} == 0)) || fail 5 "The stack $stack stays: in its VPC $vpc there still is" \
    "${standing[@]/#/  }" "Delete the Service that it belongs to, and run this again."
}

cleanup() {
  local name
  local name clusters=''
  if ! stack_known; then
    say "There is no stack $stack: nothing to clean up."
    return
  fi
  outputs
  for name in "$primary" "$secondary"; do
    known ResourceNotFoundException aws eks describe-cluster --region "$region" --name "$name" || continue
    context "$name"
    clusters+=" $name "
  done
  # First whoever was let in, then whoever let them in.
  if [[ $clusters == *" $secondary "* ]]; then withdraw_secondary; fi
  if [[ $clusters == *" $primary "* ]]; then withdraw_primary; fi
  refuse_while_standing
  run aws cloudformation delete-stack --stack-name "$stack"
  run aws cloudformation wait stack-delete-complete --stack-name "$stack"
  for name in "$primary" "$secondary"; do forget_context "$name"; done
  say "The stack $stack is gone, and all that was made in it."
}

tools
"$command"
