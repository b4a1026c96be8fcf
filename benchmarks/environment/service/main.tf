variable "name" {
  type        = string
  description = "Name of the service, with the environment in front."
}
variable "port" {
  type        = number
  description = "Port the service listens on."
}
variable "vpc_id" {
  type        = string
  description = "VPC of the service."
}
variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the functions."
}
variable "web_group_id" {
  type        = string
  description = "Security group of the load balancers."
}
variable "kms_key_arn" {
  type        = string
  description = "Key for logs, queues, tables and secrets."
}
variable "alarm_topic" {
  type        = string
  description = "Topic that gets the alarms."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}
variable "description" {
  type        = string
  description = "What the function does, shown in the console."
  default     = "Managed by the platform team"
}
variable "architectures" {
  type        = list(string)
  description = "Instruction sets the function is built for."
  default     = ["arm64"]
}
variable "publish" {
  type        = bool
  description = "Whether each change makes a version."
  default     = true
}
variable "skip_destroy" {
  type        = bool
  description = "Whether old versions are kept."
  default     = false
}
variable "package_type" {
  type        = string
  description = "How the function is packaged, as an archive or an image."
  default     = "Zip"
}
variable "delay_seconds" {
  type        = number
  description = "Seconds that new messages are held back."
  default     = 0
}
variable "max_message_size" {
  type        = number
  description = "Largest message in bytes."
  default     = 262144
}
variable "receive_wait" {
  type        = number
  description = "Seconds that a receive waits for a message."
  default     = 10
}
variable "job_retention" {
  type        = number
  description = "Seconds that jobs are kept in the queue."
  default     = 345600
}
variable "key_reuse" {
  type        = number
  description = "Seconds that a data key of the queue is used again."
  default     = 300
}
variable "table_class" {
  type        = string
  description = "Storage class of the table."
  default     = "STANDARD"
}
variable "stream_enabled" {
  type        = bool
  description = "Whether changes of the table are streamed."
  default     = true
}
variable "stream_view" {
  type        = string
  description = "What the stream shows of a change."
  default     = "NEW_AND_OLD_IMAGES"
}
variable "deregistration_delay" {
  type        = number
  description = "Seconds a target drains before it is removed."
  default     = 30
}
variable "slow_start" {
  type        = number
  description = "Seconds a new target is warmed up."
  default     = 0
}
variable "health_interval" {
  type        = number
  description = "Seconds between two health checks."
  default     = 15
}
variable "health_timeout" {
  type        = number
  description = "Seconds after which a health check has failed."
  default     = 5
}
variable "healthy" {
  type        = number
  description = "Good checks after which a target is healthy."
  default     = 2
}
variable "unhealthy" {
  type        = number
  description = "Bad checks after which a target is unhealthy."
  default     = 3
}
variable "health_codes" {
  type        = string
  description = "Status codes that a healthy target gives."
  default     = "200-299"
}
variable "alarm_description" {
  type        = string
  description = "What the reader of an alarm has to know."
  default     = "See the runbook of the service"
}
variable "alarm_points" {
  type        = number
  description = "Bad periods that raise the alarm."
  default     = 2
}
variable "missing_data" {
  type        = string
  description = "What a period without data means."
  default     = "notBreaching"
}
variable "actions_enabled" {
  type        = bool
  description = "Whether the alarm calls anybody."
  default     = true
}
variable "role_path" {
  type        = string
  description = "Path of the role."
  default     = "/services/"
}
variable "session_seconds" {
  type        = number
  description = "Seconds that a session of the role lasts."
  default     = 3600
}
variable "role_description" {
  type        = string
  description = "What the role is for."
  default     = "Execution role of a function"
}
variable "log_class" {
  type        = string
  description = "Class of the log group."
  default     = "STANDARD"
}
variable "keep_logs" {
  type        = bool
  description = "Whether the logs outlive the service."
  default     = false
}

locals {
  clients = {
    api     = { port = var.port, protocol = "tcp", cidr = "10.0.64.0/18" }
    debug   = { port = 22, protocol = "tcp", cidr = "10.0.128.0/24" }
    metrics = { port = 9102, protocol = "tcp", cidr = "10.0.192.0/24" }
  }
}
variable "runtime" {
  type        = string
  description = "Runtime of the function."
  default     = "python3.12"
}
variable "handler" {
  type        = string
  description = "Entry point of the function."
  default     = "app.handler"
}
variable "memory_size" {
  type        = number
  description = "Memory of the function in MiB."
  default     = 512
}
variable "timeout" {
  type        = number
  description = "Seconds the function may run."
  default     = 30
}
variable "concurrency" {
  type        = number
  description = "Reserved concurrency of the function."
  default     = 20
}
variable "log_level" {
  type        = string
  description = "Level of the logs."
  default     = "info"
}
variable "log_retention" {
  type        = number
  description = "Days the logs are kept."
  default     = 365
}
variable "artifacts" {
  type        = string
  description = "Bucket with the packages of the functions."
  default     = "artifacts-111122223333"
}
variable "dead_retention" {
  type        = number
  description = "Seconds that dead messages are kept."
  default     = 1209600
}
variable "visibility_timeout" {
  type        = number
  description = "Seconds until a message is seen again."
  default     = 60
}
variable "billing_mode" {
  type        = string
  description = "Billing mode of the table."
  default     = "PAY_PER_REQUEST"
}
variable "health_path" {
  type        = string
  description = "Path of the health check."
  default     = "/healthz"
}
variable "error_threshold" {
  type        = number
  description = "Errors in a period that raise the alarm."
  default     = 5
}
variable "recovery_window" {
  type        = number
  description = "Days in which a deleted secret can be restored."
  default     = 30
}
variable "max_receive" {
  type        = number
  description = "Receives after which a message is dead."
  default     = 5
}
variable "alarm_period" {
  type        = number
  description = "Seconds of one period of the alarm."
  default     = 300
}
variable "alarm_periods" {
  type        = number
  description = "Periods that the alarm looks at."
  default     = 2
}
variable "tracing" {
  type        = string
  description = "Mode of tracing."
  default     = "Active"
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "Service ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = var.name })
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.web_group_id
  description                  = "Load balancers to ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  tags                         = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each          = local.clients
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = each.value.cidr
  description       = "${each.key} of ${var.name}"
  ip_protocol       = each.value.protocol
  from_port         = each.value.port
  to_port           = each.value.port
  tags              = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  description       = "HTTPS from ${var.name}"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  path                 = var.role_path
  max_session_duration = var.session_seconds
  description          = var.role_description
  name                 = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  tags = var.tags
}

resource "aws_iam_role_policy" "this" {
  name = "service"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Queue"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.jobs.arn
      },
      {
        Sid      = "Secret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_secretsmanager_secret.this.arn
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = toset(["AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess"])
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/${each.key}"
}

resource "aws_cloudwatch_log_group" "this" {
  log_group_class   = var.log_class
  skip_destroy      = var.keep_logs
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  description                    = var.description
  architectures                  = var.architectures
  publish                        = var.publish
  skip_destroy                   = var.skip_destroy
  package_type                   = var.package_type
  function_name                  = var.name
  role                           = aws_iam_role.this.arn
  runtime                        = var.runtime
  handler                        = var.handler
  s3_bucket                      = var.artifacts
  s3_key                         = "${var.name}.zip"
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  kms_key_arn                    = var.kms_key_arn
  reserved_concurrent_executions = var.concurrency
  tags                           = var.tags

  environment {
    variables = {
      QUEUE     = var.name
      LOG_LEVEL = var.log_level
      STAGE     = var.tags["Environment"]
    }
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.this.id]
  }

  tracing_config {
    mode = var.tracing
  }
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = var.dead_retention
  kms_master_key_id         = var.kms_key_arn
  tags                      = var.tags
}

resource "aws_sqs_queue" "jobs" {
  delay_seconds                     = var.delay_seconds
  max_message_size                  = var.max_message_size
  receive_wait_time_seconds         = var.receive_wait
  message_retention_seconds         = var.job_retention
  kms_data_key_reuse_period_seconds = var.key_reuse
  name                              = "${var.name}-jobs"
  visibility_timeout_seconds        = var.visibility_timeout
  kms_master_key_id                 = var.kms_key_arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.max_receive
  })
  tags = var.tags
}

resource "aws_secretsmanager_secret" "this" {
  name                    = var.name
  description             = "Credentials of ${var.name}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_window
  tags                    = var.tags
}

resource "aws_dynamodb_table" "this" {
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view
  name                        = var.name
  billing_mode                = var.billing_mode
  hash_key                    = "id"
  deletion_protection_enabled = var.settings.secure
  tags                        = var.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = var.settings.secure
  }

  server_side_encryption {
    enabled     = var.settings.encrypted
    kms_key_arn = var.kms_key_arn
  }
}

resource "aws_lb_target_group" "this" {
  deregistration_delay = var.deregistration_delay
  slow_start           = var.slow_start
  name                 = var.name
  port                 = var.port
  protocol             = "HTTPS"
  target_type          = "ip"
  vpc_id               = var.vpc_id
  tags                 = var.tags

  health_check {
    interval            = var.health_interval
    timeout             = var.health_timeout
    healthy_threshold   = var.healthy
    unhealthy_threshold = var.unhealthy
    matcher             = var.health_codes
    enabled             = true
    path                = var.health_path
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_description   = var.alarm_description
  datapoints_to_alarm = var.alarm_points
  treat_missing_data  = var.missing_data
  actions_enabled     = var.actions_enabled
  alarm_name          = "${var.name}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = var.alarm_periods
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = var.alarm_period
  statistic           = "Sum"
  threshold           = var.error_threshold
  alarm_actions       = [var.alarm_topic]
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
  tags                = var.tags
}
