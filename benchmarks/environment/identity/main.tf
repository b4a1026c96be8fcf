variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

locals {
  trust = {
    for service in ["ec2", "eks", "vpc-flow-logs"] : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "${service}.amazonaws.com" }
        Action    = "sts:AssumeRole"
      }]
    })
  }
  policies = {
    deploy    = ["s3:GetObject", "s3:PutObject"]
    read      = ["s3:GetObject", "s3:ListBucket"]
    secrets   = ["secretsmanager:GetSecretValue"]
    operators = ["ssm:StartSession", "ssm:TerminateSession"]
    metrics   = ["cloudwatch:PutMetricData"]
    backup    = ["backup:StartBackupJob", "backup:ListBackupJobs"]
  }
}

resource "aws_iam_policy" "main" {
  for_each    = local.policies
  name        = "${var.name}-${each.key}"
  path        = "/"
  description = "Lets ${each.key} do its work in ${var.name}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = title(each.key)
      Effect   = "Allow"
      Action   = each.value
      Resource = ["arn:aws:s3:::${var.name}-${each.key}", "arn:aws:s3:::${var.name}-${each.key}/*"]
    }]
  })
  tags = var.tags
}

resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  assume_role_policy = local.trust["ec2"]
  tags               = var.tags
}

resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster"
  assume_role_policy = local.trust["eks"]
  tags               = var.tags
}

resource "aws_iam_role" "flow_log" {
  name               = "${var.name}-flow-log"
  assume_role_policy = local.trust["vpc-flow-logs"]
  tags               = var.tags
}

resource "aws_iam_role" "people" {
  for_each             = toset(["auditor", "developer", "operator"])
  name                 = "${var.name}-${each.key}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = "sts:AssumeRole"
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
  })
  tags = var.tags
}

resource "aws_iam_role_policy" "flow_log" {
  name = "write"
  role = aws_iam_role.flow_log.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:eu-west-1:111122223333:log-group:/${var.name}/*"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly",
  ])
  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.node.name
  policy_arn = aws_iam_policy.main["deploy"].arn
}

resource "aws_iam_role_policy_attachment" "people" {
  for_each   = aws_iam_role.people
  role       = each.value.name
  policy_arn = aws_iam_policy.main["read"].arn
}

resource "aws_iam_instance_profile" "main" {
  name = "${var.name}-instances"
  role = aws_iam_role.node.name
  tags = var.tags
}

output "flow_log_role_arn" {
  value = aws_iam_role.flow_log.arn
}
output "instance_profile" {
  value = aws_iam_instance_profile.main.name
}
output "cluster_role_arn" {
  value = aws_iam_role.cluster.arn
}
output "node_role_arn" {
  value = aws_iam_role.node.arn
}
